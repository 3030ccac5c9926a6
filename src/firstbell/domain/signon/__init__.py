"""Single sign-on of Automated districts: who on the roster somebody is who signed in elsewhere, and who gets in."""

"""How a school or district begins: asking for a space, and vendor staff who answer."""

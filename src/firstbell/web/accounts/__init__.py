"""Who signs in: a district's members and invitations, and what somebody does about their own account."""

"""Contact: a district asks whoever of the vendor looks after it; teachers and students ask people of their own."""

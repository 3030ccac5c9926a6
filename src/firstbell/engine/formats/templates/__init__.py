"""Our own templates, as people fill them in: schools, classes, teachers and staff, students."""

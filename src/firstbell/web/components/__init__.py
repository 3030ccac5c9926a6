"""What pages hand to the parts of the design system: values, and the words and tones for states."""

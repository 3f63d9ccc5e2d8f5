"""What a note must look like."""

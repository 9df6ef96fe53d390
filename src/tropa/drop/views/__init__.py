"""What the applicant's addresses answer: each parses, calls one service and renders."""

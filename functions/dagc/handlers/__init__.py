"""What AWS Lambda starts."""

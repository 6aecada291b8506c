"""What talks to AWS: rows from DynamoDB, files in S3. The only place that knows boto3."""

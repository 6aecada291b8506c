"""What a person can do about an error of AWS."""

from typing import Any

_BY_NAME = {
    "NoCredentialsError": "Log in (aws sso login), or set AWS_PROFILE",
    "PartialCredentialsError": "Set the whole of the credentials, or AWS_PROFILE",
    "ProfileNotFound": "Set AWS_PROFILE to one that aws configure list-profiles shows",
    "NoRegionError": "Set AWS_REGION, such as eu-central-1",
    "EndpointConnectionError": "Check the region (AWS_REGION) and the network",
    "ConnectTimeoutError": "Check the region (AWS_REGION) and the network",
    "ReadTimeoutError": "Try again",
    "UnauthorizedSSOTokenError": "Log in again (aws sso login)",
    "SSOTokenLoadError": "Log in (aws sso login)",
    "TokenRetrievalError": "Log in again (aws sso login)",
}
_BY_CODE = {
    "ResourceNotFoundException": "Check the name, the account and the region (AWS_REGION)",
    "ValidationError": "Check the name, the account and the region (AWS_REGION)",
    "AccessDeniedException": "Have it allowed to you, or use other credentials (AWS_PROFILE)",
    "AccessDenied": "Have it allowed to you, or use other credentials (AWS_PROFILE)",
    "ExpiredTokenException": "Log in again",
    "ExpiredToken": "Log in again",
    "UnrecognizedClientException": "Log in again, or set AWS_PROFILE",
    "InvalidClientTokenId": "Log in again, or set AWS_PROFILE",
    "InvalidSignatureException": "Check the secret key of the credentials",
    "ProvisionedThroughputExceededException": "Try again later: the table is busy",
    "ThrottlingException": "Try again later: AWS is busy",
}


def advice(error: Exception) -> str:
    """What to do about an error of botocore, without a dot."""
    return known_advice(error) or "Check the name, the credentials and the region (AWS_REGION)"


def known_advice(error: Exception) -> str:
    """As `advice`; "" where there is nothing to say about that error of all."""
    answer: Any = getattr(error, "response", None) or {}
    code = str(answer.get("Error", {}).get("Code", ""))
    return _BY_CODE.get(code) or _BY_NAME.get(type(error).__name__, "")

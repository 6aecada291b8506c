"""What talks to AWS, one request at a time. Only here, botocore is imported.

Who calls decides what runs side by side. Errors of AWS and of the network (`INFRASTRUCTURE`) are
raised as botocore's.
"""

from botocore.exceptions import BotoCoreError, ClientError

INFRASTRUCTURE = (BotoCoreError, ClientError)
"""What is AWS's fault or the network's: worth another try, and never a row's fault."""

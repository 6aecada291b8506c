"""What can go wrong with an AWS call, put on the calls that a plan chooses."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from enum import Enum
from typing import NamedTuple

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.emulator.aws import Answer
from tests.emulator.interleaving import Interleaving
from tests.emulator.invocation import Crash, Invocation
from tests.emulator.partial_batches import can_be_partial, partial_answer


class Fault(Enum):
    """A way for a call to fail."""

    THROTTLE = "refused, as too many"
    TIMEOUT_BEFORE = "not executed, and no answer"
    TIMEOUT_AFTER = "executed, but no answer"
    TWICE = "executed, its answer got lost, and botocore tried again"
    CRASH_BEFORE = "the process ends before it"
    CRASH_AFTER = "executed, then the process ends"
    PARTIAL = "a batch is executed in part"
    CONFLICT = "refused, as another conditional request on the object is under way"
    LATE = "no answer, and executed later"
    LATE_AGAIN = "no answer, and executed later; botocore tried again"
    CRASH_LATE = "the process ends, and it is executed later"


class Call(NamedTuple):
    """A call that is about to be executed; both numbers begin at 1."""

    number: int
    invocation: str
    number_in_invocation: int
    operation: str
    parameters: Answer


Plan = Callable[[Call], Fault | None]

_THROTTLED = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "dynamodbstreams": (400, "LimitExceededException"),
    "events": (400, "ThrottlingException"),
    "s3": (503, "SlowDown"),
    "sqs": (400, "RequestThrottled"),
}

_OBJECT_WRITES = {"s3.PutObject", "s3.DeleteObject"}
WRITES = _OBJECT_WRITES | {
    "dynamodb.BatchExecuteStatement",
    "dynamodb.BatchWriteItem",
    "dynamodb.DeleteItem",
    "dynamodb.PutItem",
    "dynamodb.UpdateItem",
    "events.PutEvents",
}


def at(faults: Mapping[int | tuple[str, int], Fault]) -> Plan:
    """A plan by the number of the call: of all, or of the invocation that is named with it."""

    def plan(call: Call) -> Fault | None:
        found = faults.get(call.number)
        return found or faults.get((call.invocation, call.number_in_invocation))

    return plan


def sometimes(
    interleaving: Interleaving, one_in: int, at_most: int, never: Collection[Fault] = ()
) -> Plan:
    """A drawn fault, but `never` one of these, on one in so many calls, until there have been
    `at_most`.
    """
    left = at_most

    def plan(call: Call) -> Fault | None:
        nonlocal left
        if not left or interleaving.draw(one_in) != one_in - 1:
            return None
        left -= 1
        return interleaving.pick([fault for fault in possible(call) if fault not in never])

    return plan


def possible(call: Call) -> list[Fault]:
    """The faults that this call can have."""
    faults = [
        Fault.THROTTLE,
        Fault.TIMEOUT_BEFORE,
        Fault.TIMEOUT_AFTER,
        Fault.TWICE,
        Fault.CRASH_BEFORE,
        Fault.CRASH_AFTER,
    ]
    if can_be_partial(call.operation, call.parameters):
        faults.append(Fault.PARTIAL)
    if call.operation in WRITES:
        faults += [Fault.LATE, Fault.LATE_AGAIN, Fault.CRASH_LATE]
    if call.operation in _OBJECT_WRITES and {"IfMatch", "IfNoneMatch"} & call.parameters.keys():
        faults.append(Fault.CONFLICT)
    return faults


class Faults:
    """Its `around` belongs into `Aws.around`, after the interleaving's."""

    def __init__(self, interleaving: Interleaving, plan: Plan) -> None:
        self.injected: list[tuple[Call, Fault]] = []
        self.late: list[Callable[[], Answer]] = []
        """Calls that nobody waits for, and that AWS has not executed yet."""
        self._interleaving = interleaving
        self._plan = plan
        self._calls: Counter[str] = Counter()

    def around(self, operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        """Executes the call, with the fault that the plan has for it; the test itself has none."""
        invocation = Invocation.current()
        if invocation is None:
            return execute()
        name = invocation.name
        self._calls[name] += 1
        call = Call(self._calls.total(), name, self._calls[name], operation, parameters)
        fault = self._plan(call)
        if fault is None or fault not in possible(call):
            return execute()
        self.injected.append((call, fault))
        return self._faulty(fault, call, execute)

    def arrive(self, index: int) -> None:
        """A late call is executed: its condition is judged now."""
        with suppress(ClientError):
            self.late.pop(index)()

    def _faulty(self, fault: Fault, call: Call, execute: Callable[[], Answer]) -> Answer:
        match fault:
            case Fault.THROTTLE:
                status, code = _THROTTLED[call.operation.split(".")[0]]
                raise _refusal(call.operation, status, code)
            case Fault.CONFLICT:
                raise _refusal(call.operation, 409, "ConditionalRequestConflict")
            case Fault.PARTIAL:
                return partial_answer(
                    call.operation, call.parameters, execute, self._interleaving.draw
                )
            case Fault.TIMEOUT_AFTER | Fault.CRASH_AFTER | Fault.TWICE:
                with suppress(ClientError):  # a refusal gets lost on its way, too
                    execute()
            case Fault.LATE | Fault.LATE_AGAIN | Fault.CRASH_LATE:
                self.late.append(execute)
        match fault:
            case Fault.TWICE | Fault.LATE_AGAIN:
                answer = execute()
                answer["ResponseMetadata"]["RetryAttempts"] = 1
                return answer
            case Fault.CRASH_BEFORE | Fault.CRASH_AFTER | Fault.CRASH_LATE:
                raise Crash(call.operation)
        raise ReadTimeoutError(endpoint_url=call.operation)


def _refusal(operation: str, status: int, code: str) -> ClientError:
    if operation == "s3.HeadObject":
        code = str(status)  # the answer to a HEAD has no body that could tell more
    return ClientError(
        {
            "Error": {"Code": code, "Message": "injected"},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "RetryAttempts": 0,
                "RequestId": "",
                "HostId": "",
                "HTTPHeaders": {},
            },
        },
        operation.split(".")[1],
    )

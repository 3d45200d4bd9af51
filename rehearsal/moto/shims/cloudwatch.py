"""CloudWatch: alarms made of alarms, and alarms that tell somebody, which moto 5.2.1 lacks.

moto evaluates no metric, and neither does this: SetAlarmState is how a test says what a metric alarm found. What follows
from it is the service's: composite alarms over it change, and actions of those that changed are published to SNS.
"""

import json
import re
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.core.responses import ActionResult
from moto.sns.models import sns_backends

from .registry import shim

TERM = re.compile(r'(ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\)|(AND|OR|NOT|TRUE|FALSE|[()])|(\S)')
# Alarms that have not been told a state yet; AWS starts a composite one by evaluating it.
ACTIONS_OF = {"ALARM": "alarm_actions", "OK": "ok_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}


def holds(rule: str, alarms: dict[str, Any]) -> bool:
    """Whether a composite alarm's rule is true; alarms are named in it, or given by ARN."""
    words = []
    for state, name, word, other in TERM.findall(rule):
        if other:
            raise ValidationError(f"AlarmRule is malformed at {other}")
        if state:
            key = name.rsplit(":alarm:", 1)[-1]
            if key not in alarms:
                raise ValidationError(f"Could not save the composite alarm as alarms [{key}] in the alarm rule do not exist")
            words.append(str(alarms[key].state_value == state))
        else:
            words.append({"TRUE": "True", "FALSE": "False"}.get(word, word.lower()))
    return bool(eval(" ".join(words), {"__builtins__": {}}))  # only True, False, and, or, not and brackets are in it


@shim("cloudwatch", "PutCompositeAlarm", "moto has no such action")
def put_composite_alarm(response: Any, params: dict[str, Any]) -> ActionResult:
    backend = response.cloudwatch_backend
    firing = holds(params["AlarmRule"], backend.alarms)
    answer = response.put_metric_alarm()
    backend.alarms[params["AlarmName"]].state_value = "ALARM" if firing else "OK"
    return answer


@shim("cloudwatch", "DescribeAlarms", "moto's composite alarms lack their rule, and answer whatever AlarmTypes asks for")
def describe_alarms(response: Any, params: dict[str, Any]) -> ActionResult:
    result = describe_alarms.original(response)._result  # type: ignore[attr-defined]
    types = params.get("AlarmTypes") or ["MetricAlarm"]
    for alarm in result["CompositeAlarms"]:
        alarm.alarm_rule = alarm.rule
    return ActionResult({f"{type}s": result[f"{type}s"] for type in types})


@shim("cloudwatch", "SetAlarmState", "moto tells nobody, and leaves composite alarms as they are")
def set_alarm_state(response: Any, params: dict[str, Any]) -> ActionResult:
    backend = response.cloudwatch_backend
    before = {name: alarm.state_value for name, alarm in backend.alarms.items()}
    answer = set_alarm_state.original(response)  # type: ignore[attr-defined]
    for alarm in backend.alarms.values():
        if alarm.rule is not None:
            firing = "ALARM" if holds(alarm.rule, backend.alarms) else "OK"
            if firing != alarm.state_value:
                alarm.update_state("The rule's alarms changed", "{}", firing)
    for name, alarm in backend.alarms.items():
        if alarm.state_value != before[name] and alarm.actions_enabled:
            tell(backend, alarm, before[name])
    return answer


def tell(backend: Any, alarm: Any, before: str) -> None:
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "NewStateValue": alarm.state_value,
        "OldStateValue": before,
        "NewStateReason": alarm.state_reason,
        "AlarmArn": alarm.alarm_arn,
    }
    for action in getattr(alarm, ACTIONS_OF[alarm.state_value]):
        if ":sns:" in action:
            sns = sns_backends[backend.account_id][backend.region_name]
            sns.publish(json.dumps(message), arn=action, subject=f'{alarm.state_value}: "{alarm.name}"')

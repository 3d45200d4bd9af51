"""Budgets as Terraform uses them: moto 5.2.1 keeps a notification's subscribers, and can't be asked for them."""

import json
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget

from .registry import MISSING, shim


def budget_of(response: Any, params: dict[str, Any]) -> Any:
    budgets = response.backend.budgets[params["AccountId"]]
    if params["BudgetName"] not in budgets:
        raise NotFoundException(f"Unable to get budget: {params['BudgetName']} - the budget doesn't exist.")
    return budgets[params["BudgetName"]]


def identity(notification: dict[str, Any]) -> dict[str, Any]:
    """What names a notification; NotificationState is the service's own."""
    return {key: value for key, value in notification.items() if key != "NotificationState"}


@shim("budgets", "DescribeSubscribersForNotification", MISSING)
def describe_subscribers_for_notification(response: Any, params: dict[str, Any]) -> str:
    for notification in budget_of(response, params).notifications:
        if identity(notification.details) == identity(params["Notification"]):
            return json.dumps({"Subscribers": notification.subscribers})
    raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")


# Tags are kept on the budget, so that a deleted budget's are gone with it.


def tags_of(response: Any, arn: str) -> dict[str, str]:
    """`arn` is arn:aws:budgets::<account>:budget/<name>"""
    account, resource = arn.split(":")[4:6]
    budget = budget_of(response, {"AccountId": account, "BudgetName": resource.removeprefix("budget/")})
    return budget.__dict__.setdefault("shim_tags", {})


@shim("budgets", "CreateBudget", "moto forgets the tags")
def create_budget(response: Any, params: dict[str, Any]) -> str:
    answer = create_budget.original(response)  # type: ignore[attr-defined]
    budget = budget_of(response, {"AccountId": params["AccountId"], "BudgetName": params["Budget"]["BudgetName"]})
    budget.shim_tags = {tag["Key"]: tag["Value"] for tag in params.get("ResourceTags", [])}
    return answer


@shim("budgets", "UpdateBudget", MISSING)
def update_budget(response: Any, params: dict[str, Any]) -> str:
    new = params["NewBudget"]
    budget = budget_of(response, params | {"BudgetName": new["BudgetName"]})
    # Notifications and tags are changed by actions of their own.
    budget.budget = Budget(budget.budget | new, []).budget
    return json.dumps({})


@shim("budgets", "ListTagsForResource", MISSING)
def list_tags_for_resource(response: Any, params: dict[str, Any]) -> str:
    tags = tags_of(response, params["ResourceARN"])
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})


@shim("budgets", "TagResource", MISSING)
def tag_resource(response: Any, params: dict[str, Any]) -> str:
    tags_of(response, params["ResourceARN"]).update({tag["Key"]: tag["Value"] for tag in params["ResourceTags"]})
    return json.dumps({})


@shim("budgets", "UntagResource", MISSING)
def untag_resource(response: Any, params: dict[str, Any]) -> str:
    for key in params["ResourceTagKeys"]:
        tags_of(response, params["ResourceARN"]).pop(key, None)
    return json.dumps({})

"""AWS Backup as Terraform uses it: what moto 5.2.1 has no action for, or keeps after it was deleted."""

import uuid
from typing import Any

from moto.backup.exceptions import ResourceNotFoundException
from moto.core.responses import ActionResult, EmptyResult

from .kept import now, records
from .registry import MISSING, shim


class Record:
    """A thing of AWS Backup's that moto doesn't know, kept in its backend so that the inventory and a reset see it."""

    def __init__(self, name: str, fields: dict[str, Any]):
        self.name = name
        self.fields = fields


class Selection(Record):
    pass


class VaultNotifications(Record):
    pass


class RestoreTestingPlan(Record):
    pass


class RestoreTestingSelection(Record):
    pass


def add(response: Any, kind: type, name: str, fields: dict[str, Any]) -> None:
    records(response, kind)[name] = kind(name, fields)


def fields_of(response: Any, kind: type, name: str) -> dict[str, Any]:
    try:
        return records(response, kind)[name].fields
    except KeyError:
        raise ResourceNotFoundException(msg=f"{kind.__name__} {name} not found") from None


def drop(response: Any, kind: type, name: str) -> EmptyResult:
    fields_of(response, kind, name)
    del records(response, kind)[name]
    return EmptyResult()


@shim("backup", "DeleteBackupPlan", "moto keeps a deleted plan, and its name")
def delete_backup_plan(response: Any, params: dict[str, Any]) -> Any:
    answer = delete_backup_plan.original(response)  # type: ignore[attr-defined]
    response.backup_backend.plans.pop(params["backupPlanId"])
    return answer


@shim("backup", "ListTags", "moto finds the ARN only where the path ends with a slash, which Go's SDK leaves out")
def list_tags(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult({"Tags": response.backup_backend.list_tags(resource_arn=params["resourceArn"])})


@shim("backup", "CreateBackupSelection", MISSING)
def create_backup_selection(response: Any, params: dict[str, Any]) -> ActionResult:
    plan = response.backup_backend.get_backup_plan(params["backupPlanId"], None)
    selection_id = str(uuid.uuid4())
    answer = {"BackupPlanId": plan.backup_plan_id, "SelectionId": selection_id, "CreationDate": now()}
    add(response, Selection, selection_id, {**answer, "BackupSelection": params["BackupSelection"]})
    return ActionResult(answer)


@shim("backup", "GetBackupSelection", MISSING)
def get_backup_selection(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult(fields_of(response, Selection, params["selectionId"]))


@shim("backup", "DeleteBackupSelection", MISSING)
def delete_backup_selection(response: Any, params: dict[str, Any]) -> EmptyResult:
    return drop(response, Selection, params["selectionId"])


@shim("backup", "ListRecoveryPointsByBackupVault", MISSING)
def list_recovery_points_by_backup_vault(response: Any, params: dict[str, Any]) -> ActionResult:
    response.backup_backend.describe_backup_vault(params["backupVaultName"])
    return ActionResult({"RecoveryPoints": []})  # moto makes no backups


@shim("backup", "PutBackupVaultNotifications", MISSING)
def put_backup_vault_notifications(response: Any, params: dict[str, Any]) -> EmptyResult:
    vault = response.backup_backend.describe_backup_vault(params["backupVaultName"])
    fields = {
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        "SNSTopicArn": params["SNSTopicArn"],
        "BackupVaultEvents": params["BackupVaultEvents"],
    }
    add(response, VaultNotifications, vault.backup_vault_name, fields)
    return EmptyResult()


@shim("backup", "GetBackupVaultNotifications", MISSING)
def get_backup_vault_notifications(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult(fields_of(response, VaultNotifications, params["backupVaultName"]))


@shim("backup", "DeleteBackupVaultNotifications", MISSING)
def delete_backup_vault_notifications(response: Any, params: dict[str, Any]) -> EmptyResult:
    return drop(response, VaultNotifications, params["backupVaultName"])


@shim("backup", "CreateRestoreTestingPlan", MISSING)
def create_restore_testing_plan(response: Any, params: dict[str, Any]) -> ActionResult:
    backend = response.backup_backend
    name = params["RestoreTestingPlan"]["RestoreTestingPlanName"]
    arn = f"arn:{backend.partition}:backup:{backend.region_name}:{backend.account_id}:restore-testing-plan:{name}-{uuid.uuid4()}"
    answer = {"RestoreTestingPlanName": name, "RestoreTestingPlanArn": arn, "CreationTime": now()}
    add(response, RestoreTestingPlan, name, {"ScheduleExpressionTimezone": "Etc/UTC", **params["RestoreTestingPlan"], **answer})
    backend.tag_resource(arn, params.get("Tags", {}))
    return ActionResult(answer)


@shim("backup", "GetRestoreTestingPlan", MISSING)
def get_restore_testing_plan(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult({"RestoreTestingPlan": fields_of(response, RestoreTestingPlan, params["RestoreTestingPlanName"])})


@shim("backup", "DeleteRestoreTestingPlan", MISSING)
def delete_restore_testing_plan(response: Any, params: dict[str, Any]) -> EmptyResult:
    return drop(response, RestoreTestingPlan, params["RestoreTestingPlanName"])


@shim("backup", "CreateRestoreTestingSelection", MISSING)
def create_restore_testing_selection(response: Any, params: dict[str, Any]) -> ActionResult:
    plan = fields_of(response, RestoreTestingPlan, params["RestoreTestingPlanName"])
    selection = params["RestoreTestingSelection"]
    answer = {
        "RestoreTestingPlanName": plan["RestoreTestingPlanName"],
        "RestoreTestingSelectionName": selection["RestoreTestingSelectionName"],
        "CreationTime": now(),
    }
    add(response, RestoreTestingSelection, selection_key(answer), {**selection, **answer})
    return ActionResult({**answer, "RestoreTestingPlanArn": plan["RestoreTestingPlanArn"]})


@shim("backup", "GetRestoreTestingSelection", MISSING)
def get_restore_testing_selection(response: Any, params: dict[str, Any]) -> ActionResult:
    return ActionResult({"RestoreTestingSelection": fields_of(response, RestoreTestingSelection, selection_key(params))})


@shim("backup", "DeleteRestoreTestingSelection", MISSING)
def delete_restore_testing_selection(response: Any, params: dict[str, Any]) -> EmptyResult:
    return drop(response, RestoreTestingSelection, selection_key(params))


def selection_key(names: dict[str, Any]) -> str:
    return f"{names['RestoreTestingPlanName']}/{names['RestoreTestingSelectionName']}"

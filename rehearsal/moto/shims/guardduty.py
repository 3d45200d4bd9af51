"""GuardDuty's features: an update of one leaves the others, where moto 5.2.1 forgets them."""

from typing import Any

from .registry import shim


@shim("guardduty", "UpdateDetector", "moto replaces all features by those that are sent, the service changes them one by one")
def update_detector(response: Any, params: dict[str, Any]) -> str:
    detector = response.guardduty_backend.get_detector(params["DetectorId"])
    before = {feature["name"]: feature for feature in detector.features}
    answer = update_detector.original(response)  # type: ignore[attr-defined]
    sent = {feature["name"]: feature for feature in params.get("Features") or []}
    detector.features = list((before | sent).values())
    return answer

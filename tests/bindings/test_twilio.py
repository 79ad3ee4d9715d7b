"""Twilio."""

from __future__ import annotations

from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings import object_tables
from tests.bindings.conformance import REFUSED, BindingConformance, entries_of

OUTPUT: Any = func.get_binding_registry().get("twilioSms")
SMS = {"to": "+14255550100", "body": "Tea is ready."}


class TestTwilio(BindingConformance):
    """The suite, for Twilio."""

    module = "twilio"
    own_decorators = {
        "twilio_sms_output": (
            {
                "arg_name": "$return",
                "account_sid_setting": "TwilioAccountSid",
                "auth_token_setting": "TwilioAuthToken",
                "from_": "+14255550199",
                "body": "Hello",
                "data_type": "string",
            },
            [
                {
                    "direction": "OUT",
                    "dataType": "STRING",
                    "type": "twilioSms",
                    "name": "$return",
                    "accountSidSetting": "TwilioAccountSid",
                    "authTokenSetting": "TwilioAuthToken",
                    "from": "+14255550199",
                    "body": "Hello",
                }
            ],
        )
    }
    outputs = {
        "twilioSms": [
            *object_tables.outputs(func.SmsMessage("+14255550100", "Tea is ready."), SMS),
            ({"to": "+1", "maxPrice": 0.5}, Datum('{"to": "+1", "maxPrice": 0.5}', "json")),
            ({"to": "+1", "mediaUrl": ["u"]}, Datum('{"to": "+1", "mediaUrl": ["u"]}', "json")),
            ({"to": "+1", "mediaUrl": "u"}, REFUSED),
            ({"body": "hi"}, REFUSED),
            ({"to": "", "body": "hi"}, REFUSED),
            ({"to": 14255550100, "body": "hi"}, REFUSED),
        ]
    }


def test_decorator_needs_nothing_but_the_parameter() -> None:
    """The extension has defaults for the settings, and messages can say the rest."""
    assert entries_of(func, "twilio_sms_output", {"arg_name": "sms"}) == [
        {"direction": "OUT", "type": "twilioSms", "name": "sms"}
    ]


def test_message_has_all_that_was_given() -> None:
    """Each field stands under the name that the extension reads."""
    sms = func.SmsMessage(
        "+1",
        from_="+2",
        media_url="https://example.com/cup.png",
        messaging_service_sid="MG1",
        status_callback="https://e.x",
    )

    assert sms.to_dict() == {
        "to": "+1",
        "from": "+2",
        "mediaUrl": ["https://example.com/cup.png"],
        "messagingServiceSid": "MG1",
        "statusCallback": "https://e.x",
    }
    assert (sms.to, sms.body, sms.from_, sms.media_url) == ("+1", None, "+2", ["https://example.com/cup.png"])
    assert (sms.messaging_service_sid, sms.status_callback) == ("MG1", "https://e.x")
    assert func.SmsMessage("+1", media_url=("a", "b")).media_url == ["a", "b"]


@pytest.mark.parametrize("annotation", object_tables.return_annotations(func.SmsMessage), ids=str)
def test_return_value_may_be_annotated_so(annotation: Any) -> None:
    """What the output takes, an annotation may promise."""
    assert OUTPUT.check_output_type_annotation(annotation)


def test_message_without_a_number_cannot_be_made() -> None:
    """The decorator does not say where a message goes."""
    with pytest.raises(func.ConversionError, match="phone number"):
        func.SmsMessage("")

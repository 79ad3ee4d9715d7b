"""SendGrid."""

from __future__ import annotations

import base64
from typing import Any

import pytest

import azfunc as func
from azfunc._core.datum import Datum
from tests.bindings import object_tables
from tests.bindings.conformance import BindingConformance, entries_of

OUTPUT: Any = func.get_binding_registry().get("sendGrid")
MAIL = {
    "personalizations": [{"to": [{"email": "ada@example.com", "name": "Ada"}]}],
    "subject": "Tea",
    "content": [{"type": "text/plain", "value": "At five."}],
}


class TestSendGrid(BindingConformance):
    """The suite, for SendGrid."""

    module = "sendgrid"
    defaults = (func.SendGridMessage,)
    own_decorators = {
        "send_grid_output": (
            {
                "arg_name": "$return",
                "api_key": "SendGridKey",
                "to": "{ToEmail}",
                "from_": "shop@example.com",
                "subject": "News",
                "text": "Hello",
                "data_type": "string",
            },
            [
                {
                    "direction": "OUT",
                    "dataType": "STRING",
                    "type": "sendGrid",
                    "name": "$return",
                    "apiKey": "SendGridKey",
                    "to": "{ToEmail}",
                    "from": "shop@example.com",
                    "subject": "News",
                    "text": "Hello",
                }
            ],
        )
    }
    outputs = {
        "sendGrid": [
            # An empty mail is one: the decorator says the rest.
            *(
                row
                for row in object_tables.outputs(
                    func.SendGridMessage("Ada <ada@example.com>", "Tea", text="At five."), MAIL
                )
                if row[0] != {}
            ),
            (func.SendGridMessage(), Datum("{}", "json")),
            ({}, Datum("{}", "json")),
        ]
    }


def test_decorator_needs_nothing_but_the_parameter() -> None:
    """The extension has a default for the key, and mails can say the rest."""
    assert entries_of(func, "send_grid_output", {"arg_name": "mail"}) == [
        {"direction": "OUT", "type": "sendGrid", "name": "mail"}
    ]


def test_mail_has_all_that_was_given() -> None:
    """Each field stands where SendGrid's API has it, and text stands before HTML as the API demands."""
    mail = func.SendGridMessage(
        ("ada@example.com", "Bob <bob@example.com>"),
        "Tea",
        html="<p>At five.</p>",
        text="At five.",
        from_="Shop <shop@example.com>",
        cc="carl@example.com",
        bcc=["dora@example.com"],
        reply_to="help@example.com",
        template_id="d-1",
        template_data={"time": "five"},
        attachments={"cup.png": b"\x89", "list": b"x"},
    )

    assert mail.to_dict() == {
        "personalizations": [
            {
                "to": [{"email": "ada@example.com"}, {"email": "bob@example.com", "name": "Bob"}],
                "cc": [{"email": "carl@example.com"}],
                "bcc": [{"email": "dora@example.com"}],
                "dynamic_template_data": {"time": "five"},
            }
        ],
        "from": {"email": "shop@example.com", "name": "Shop"},
        "reply_to": {"email": "help@example.com"},
        "subject": "Tea",
        "content": [{"type": "text/plain", "value": "At five."}, {"type": "text/html", "value": "<p>At five.</p>"}],
        "attachments": [
            {"content": base64.b64encode(b"\x89").decode(), "filename": "cup.png", "type": "image/png"},
            {"content": "eA==", "filename": "list", "type": "application/octet-stream"},
        ],
        "template_id": "d-1",
    }
    assert (mail.to, mail.subject, mail.text) == (["ada@example.com", "Bob <bob@example.com>"], "Tea", "At five.")
    assert (mail.html, mail.from_, mail.reply_to) == ("<p>At five.</p>", "Shop <shop@example.com>", "help@example.com")
    assert (mail.cc, mail.bcc, mail.template_id) == (["carl@example.com"], ["dora@example.com"], "d-1")
    assert (mail.template_data, mail.attachments) == ({"time": "five"}, {"cup.png": b"\x89", "list": b"x"})
    assert OUTPUT.encode(mail) == Datum(mail.to_json(), "json")


@pytest.mark.parametrize("given", ["", "ada", "ada@", "@example.com", "Ada <ada>"])
def test_text_that_is_no_address_is_refused(given: str) -> None:
    """The error comes where the mail is made."""
    with pytest.raises(func.ConversionError) as caught:
        func.SendGridMessage([given])

    assert repr(given) in caught.value.message
    assert "Ada <ada@example.com>" in caught.value.hint


@pytest.mark.parametrize("annotation", object_tables.return_annotations(func.SendGridMessage), ids=str)
def test_return_value_may_be_annotated_so(annotation: Any) -> None:
    """What the output takes, an annotation may promise."""
    assert OUTPUT.check_output_type_annotation(annotation)


def test_member_that_is_no_part_of_a_mail_is_refused() -> None:
    """A mail as a dict is one of SendGrid's API; short names that it does not have would be lost."""
    with pytest.raises(func.UnsupportedValueError) as caught:
        OUTPUT.encode({"to": "ada@example.com", "subject": "Tea"})

    assert "SendGrid output got dict: 'to' is no member of a SendGridMessage" in caught.value.message
    assert "personalizations" in caught.value.message
    assert "SendGridMessage" in caught.value.hint

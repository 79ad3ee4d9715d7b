"""Azure OpenAI."""

from __future__ import annotations

import hashlib
import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

import azfunc as func
from azfunc.bindings.openai import SEMANTIC_SEARCH_PROMPT
from tests.bindings.conformance import BindingConformance, entries_of

if TYPE_CHECKING:
    from types import ModuleType


class TestOpenAI(BindingConformance):
    """The suite, for Azure OpenAI."""

    module = "openai"
    decorators = (
        "assistant_skill_trigger",
        "text_completion_input",
        "assistant_query_input",
        "assistant_post_input",
        "assistant_create_output",
        "embeddings_input",
        "embeddings_store_output",
        "semantic_search_input",
    )


def enums_of(library: ModuleType) -> Any:
    """Give the module that has the enums of a library."""
    return library if library is func else importlib.import_module(f"{library.__name__}.decorators.openai")


def test_enums_have_the_members_of_the_reference(func: ModuleType) -> None:
    """Names and values are the reference's, the odd one included."""
    enums = enums_of(func)

    assert [(each.name, each.value, str(each)) for each in enums.InputType] == [
        ("RawText", ("raw_text",), "RawText"),
        ("FilePath", "file_path", "FilePath"),
    ]
    assert [(each.name, each.value, str(each)) for each in enums.OpenAIModels] == [
        ("DefaultChatModel", "gpt-3.5-turbo", "DefaultChatModel"),
        ("DefaultEmbeddingsModel", "text-embedding-ada-002", "DefaultEmbeddingsModel"),
    ]


@pytest.mark.parametrize(
    "text", ["DefaultEmbeddingsModel", "defaultembeddingsmodel", "text-embedding-ada-002", "%MODEL%", ""]
)
def test_model_given_as_text_is_written_as_it_is(func: ModuleType, text: str) -> None:
    """The name of a model is free text: also one that reads like a member."""
    made = entries_of(func, "text_completion_input", {"arg_name": "r", "prompt": "p", "chat_model": text})

    assert made[0]["chatModel"] == text


def test_member_is_written_by_its_name(func: ModuleType) -> None:
    """A member of the enum stands in function.json by name, not by value."""
    model = enums_of(func).OpenAIModels.DefaultEmbeddingsModel
    made = entries_of(func, "text_completion_input", {"arg_name": "r", "prompt": "p", "chat_model": model})

    assert made[0]["chatModel"] == "DefaultEmbeddingsModel"


def test_model_that_is_none_is_left_to_the_extension(func: ModuleType) -> None:
    """None leaves the field out, and the extension takes its own default."""
    made = entries_of(func, "text_completion_input", {"arg_name": "r", "prompt": "p", "chat_model": None})

    assert "chatModel" not in made[0]


@pytest.mark.parametrize("text", ["RawText", "rawText", "raw_text", "Url", "file_path"])
def test_input_type_given_as_text_is_written_as_it_is(func: ModuleType, text: str) -> None:
    """The extension knows more types than the enum has, and they can be named."""
    made = entries_of(func, "embeddings_input", {"arg_name": "e", "input": "{text}", "input_type": text})

    assert made[0]["inputType"] == text


@pytest.mark.parametrize("wrong", [7, None, func.OpenAIModels.DefaultChatModel], ids=repr)
def test_input_type_of_another_kind_is_refused(app: func.FunctionApp, wrong: Any) -> None:
    """What is neither text nor a member is refused in the line that has it; the reference writes it."""
    with pytest.raises(func.ArgumentTypeError, match="InputType") as caught:
        app.embeddings_input("e", input="{text}", input_type=wrong)

    assert "InputType.RawText" in caught.value.hint


def test_model_of_another_kind_is_refused(app: func.FunctionApp) -> None:
    """A number is no model."""
    with pytest.raises(func.ArgumentTypeError, match="7 is neither text nor a member of OpenAIModels but a int"):
        app.text_completion_input("r", prompt="p", chat_model=7)  # type: ignore[arg-type]  # the point of the test


def test_default_prompt_is_that_of_the_reference(app: func.FunctionApp) -> None:
    """The text is a default on the wire, and so the same to the letter; the suite compares it on both libraries."""

    @app.generic_trigger("value", type="any")
    @app.semantic_search_input("result", "Search", "docs")
    def search(value: str, result: str) -> None:
        """Take both."""

    made = json.loads(search.build().get_function_json())["bindings"][0]

    assert made["systemPrompt"] == SEMANTIC_SEARCH_PROMPT
    assert hashlib.sha256(SEMANTIC_SEARCH_PROMPT.encode()).hexdigest().startswith("ea555fd67cb8e404")


@pytest.mark.parametrize(
    "binding_type", ["textCompletion", "assistantPost", "embeddingsStore", "assistantSkillTrigger"]
)
def test_values_are_those_of_generic_bindings(func: ModuleType, binding_type: str) -> None:
    """There is no converter, so that text, bytes and plain data pass as with any generic binding."""
    assert func.get_binding_registry().get(binding_type) is None

"""Azure OpenAI: completions, assistants, embeddings and semantic search, and a trigger for an assistant's skills.

There are no message types and no converters: what the extension sends is JSON text, and it takes JSON.

Docs: Azure OpenAI extension for Azure Functions (preview). Extension bundle:
Microsoft.Azure.Functions.ExtensionBundle.Preview 4+.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import WireEnum, as_data_type
from azfunc._core.errors import ArgumentTypeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from enum import Enum
    from typing import Any, Literal, TypeAlias, TypeVar

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName

    EnumT = TypeVar("EnumT", bound=Enum)

    InputTypeName: TypeAlias = Literal["RawText", "rawText", "FilePath", "filePath", "Url", "url"]
    """Text that stands for an `InputType`; ``Url`` is known to newer extensions only."""


# --- arguments --------------------------------------------------------------------------------------------------------


class OpenAIModels(WireEnum):
    """The models that stand in function.json when none is named.

    They are written by their names, as the reference does, and the extension takes that for the name of a model or of
    a deployment: name yours.

    Source: reference 1.26.0, `decorators.openai.OpenAIModels`.
    """

    DefaultChatModel = "gpt-3.5-turbo"
    """For completions and assistants."""
    DefaultEmbeddingsModel = "text-embedding-ada-002"
    """For embeddings."""


class InputType(WireEnum):
    """What the input of embeddings is; written by name.

    Source: reference 1.26.0, `decorators.openai.InputType`.
    """

    # A tuple, because the reference has it so and programs compare values; only the name is written.
    RawText = ("raw_text",)
    """The text itself."""
    FilePath = "file_path"
    """Path of a file that the host can read."""


SEMANTIC_SEARCH_PROMPT = (
    "You are a helpful assistant. You are responding to requests\n"
    "    from a user about internal emails and documents. You can and\n"
    "    should refer to the internal documents to help respond to\n"
    "    requests. If a user makes a request that's not covered by the\n"
    "    internal emails and documents, explain that you don't know the\n"
    "    answer or that you don't have access to the information.\n"
    "\n"
    "    The following is a list of documents that you can refer to when\n"
    "    answering questions. The documents are in the format\n"
    "    [filename]: [text] and are separated by newlines. If you answer\n"
    "    a question by referencing any of the documents, please cite the\n"
    "    document in your answer. For example, if you answer a question\n"
    '    by referencing info.txt, you should add "Reference: info.txt"\n'
    "    to the end of your answer on a separate line."
)
"""What semantic search tells the model when nothing else is given; the default of the reference, word for word.

Source: reference 1.26.0, `semantic_search_input`, ``system_prompt``.
"""


def _text_or(cls: type[EnumT], value: EnumT | str) -> EnumT | str:
    """Check an argument that is a member of an enum or free text.

    Raises:
        ArgumentTypeError: It is neither.
    """
    if isinstance(value, (str, cls)):
        return value
    raise ArgumentTypeError(
        f"{value!r} is neither text nor a member of {cls.__name__} but a {type(value).__name__}.",
        hint=f"Give the name as text, or one of {', '.join(f'{cls.__name__}.{each.name}' for each in cls)}.",
    )


def _model(value: OpenAIModels | str | None) -> OpenAIModels | str | None:
    return None if value is None else _text_or(OpenAIModels, value)


# --- binding classes --------------------------------------------------------------------------------------------------


class AssistantSkillTrigger(Trigger, type="assistantSkillTrigger"):
    """Entry of type ``assistantSkillTrigger`` in function.json."""

    function_description: str
    function_name: str | None = None
    parameter_description_json: str | None = None


class TextCompletionInput(InputBinding, type="textCompletion"):
    """Entry of type ``textCompletion`` in function.json."""

    prompt: str
    ai_connection_name: str | None = ""
    chat_model: OpenAIModels | str | None = OpenAIModels.DefaultChatModel
    temperature: str | None = "0.5"
    top_p: str | None = None
    max_tokens: str | None = "100"
    is_reasoning_model: bool | None = False


class AssistantQueryInput(InputBinding, type="assistantQuery"):
    """Entry of type ``assistantQuery`` in function.json."""

    id: str
    timestamp_utc: str
    chat_storage_connection_setting: str | None = "AzureWebJobsStorage"
    collection_name: str | None = "ChatState"


class AssistantPostInput(InputBinding, type="assistantPost"):
    """Entry of type ``assistantPost`` in function.json."""

    id: str
    user_message: str
    ai_connection_name: str | None = ""
    chat_model: OpenAIModels | str | None = OpenAIModels.DefaultChatModel
    chat_storage_connection_setting: str | None = "AzureWebJobsStorage"
    collection_name: str | None = "ChatState"
    temperature: str | None = "0.5"
    top_p: str | None = None
    max_tokens: str | None = "100"
    is_reasoning_model: bool | None = False


class EmbeddingsInput(InputBinding, type="embeddings"):
    """Entry of type ``embeddings`` in function.json."""

    input: str
    input_type: InputType | str
    ai_connection_name: str | None = ""
    embeddings_model: OpenAIModels | str | None = OpenAIModels.DefaultEmbeddingsModel
    max_chunk_length: int | None = 8192
    max_overlap: int | None = 128


class SemanticSearchInput(InputBinding, type="semanticSearch"):
    """Entry of type ``semanticSearch`` in function.json."""

    search_connection_name: str
    collection: str
    query: str | None = None
    ai_connection_name: str | None = ""
    embeddings_model: OpenAIModels | str | None = OpenAIModels.DefaultEmbeddingsModel
    chat_model: OpenAIModels | str | None = OpenAIModels.DefaultChatModel
    system_prompt: str | None = SEMANTIC_SEARCH_PROMPT
    max_knowledge_count: int | None = 1
    temperature: str | None = "0.5"
    top_p: str | None = None
    max_tokens: str | None = "100"
    is_reasoning_model: bool | None = False


class AssistantCreateOutput(OutputBinding, type="assistantCreate"):
    """Entry of type ``assistantCreate`` in function.json."""


class EmbeddingsStoreOutput(OutputBinding, type="embeddingsStore"):
    """Entry of type ``embeddingsStore`` in function.json."""

    input: str
    input_type: InputType | str
    store_connection_name: str
    collection: str
    ai_connection_name: str | None = ""
    embeddings_model: OpenAIModels | str | None = OpenAIModels.DefaultEmbeddingsModel
    max_chunk_length: int | None = 8192
    max_overlap: int | None = 128


# --- trigger decorators -----------------------------------------------------------------------------------------------


class OpenAITriggers(DecoratorApi):
    """Azure OpenAI: decorators that start a function."""

    def assistant_skill_trigger(
        self,
        arg_name: str,
        function_description: str,
        function_name: str | None = None,
        parameter_description_json: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when an assistant decides to use it.

        The model chooses by the description and by the names of the function and its parameter. What the function
        returns is told to the model.

        Args:
            arg_name: Parameter of the function that gets the argument that the model chose, as text.
            function_description: What the function does, in words for the model.
            function_name: Name that the model knows the function by; its own when left out.
            parameter_description_json: JSON that describes the parameter to the model.
                The extension makes it when left out.
            data_type: How the host hands the value over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.assistant_skill_trigger("task", function_description="Create a new to-do task")
            ... def add_todo(task: str) -> str:
            ...     return f"added {task}"

        Source: Azure OpenAI assistant trigger for Azure Functions, "Decorators"; reference 1.26.0,
        `assistant_skill_trigger`.
        """
        return self._bind(
            AssistantSkillTrigger,
            kwargs,
            name=arg_name,
            function_description=function_description,
            function_name=function_name,
            parameter_description_json=parameter_description_json,
            data_type=as_data_type(data_type),
        )


# --- input and output decorators --------------------------------------------------------------------------------------


class OpenAIBindings(DecoratorApi):
    """Azure OpenAI: decorators for data that goes in or out."""

    def text_completion_input(
        self,
        arg_name: str,
        prompt: str,
        ai_connection_name: str | None = "",
        chat_model: OpenAIModels | str | None = OpenAIModels.DefaultChatModel,
        temperature: str | None = "0.5",
        top_p: str | None = None,
        max_tokens: str | None = "100",
        is_reasoning_model: bool | None = False,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Ask a chat model something for a call.

        Args:
            arg_name: Parameter of the function that gets the answer as JSON text, with its ``content``.
            prompt: What to ask; ``{name}`` stands for what the trigger knows by that name.
            ai_connection_name: Group of settings that says how to reach the service, with ``Endpoint`` and ``Key``.
                ``AZURE_OPENAI_ENDPOINT`` and ``AZURE_OPENAI_KEY``, or ``OPENAI_API_KEY``, are read when left out.
            chat_model: Model to ask; at Azure, the name of its deployment.
                ``%NAME%`` stands for an app setting.
            temperature: How much the answer may vary, as a number from 0 to 2 in text.
                Give this one or `top_p`, not both.
            top_p: Share of the likeliest words that the answer is drawn from, as a number from 0 to 1 in text.
            max_tokens: Most tokens that the answer may have, as a number in text.
            is_reasoning_model: Whether the model is one that reasons, which takes other options.
            data_type: How the host hands the value over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.text_completion_input("answer", prompt="Who is {name}?", chat_model="%CHAT_MODEL%")
            ... @app.route("whois/{name}")
            ... def whois(req: func.HttpRequest, answer: str) -> str:
            ...     return json.loads(answer)["content"]

        Source: Azure OpenAI text completion input binding for Azure Functions, "Decorators"; reference 1.26.0,
        `text_completion_input`.
        """
        return self._bind(
            TextCompletionInput,
            kwargs,
            name=arg_name,
            prompt=prompt,
            ai_connection_name=ai_connection_name,
            chat_model=_model(chat_model),
            temperature=temperature,
            top_p=top_p,
            max_tokens=max_tokens,
            is_reasoning_model=is_reasoning_model,
            data_type=as_data_type(data_type),
        )

    def assistant_query_input(
        self,
        arg_name: str,
        id: str,
        timestamp_utc: str,
        chat_storage_connection_setting: str | None = "AzureWebJobsStorage",
        collection_name: str | None = "ChatState",
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read the chat of an assistant for a call.

        Args:
            arg_name: Parameter of the function that gets the chat as JSON text, with its ``recentMessages``.
            id: Id of the assistant.
            timestamp_utc: Time from which on messages are wanted, as ISO 8601 text in UTC.
            chat_storage_connection_setting: App setting with the connection to the storage of the chats.
            collection_name: Table in the storage that has the chats.
            data_type: How the host hands the value over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.assistant_query_input("chat", id="{id}", timestamp_utc="{Query.since}")
            ... @app.route("assistants/{id}", methods=["GET"])
            ... def show(req: func.HttpRequest, chat: str) -> str:
            ...     return chat

        Source: Azure OpenAI assistant query input binding for Azure Functions, "Decorators"; reference 1.26.0,
        `assistant_query_input`.
        """
        return self._bind(
            AssistantQueryInput,
            kwargs,
            name=arg_name,
            id=id,
            timestamp_utc=timestamp_utc,
            chat_storage_connection_setting=chat_storage_connection_setting,
            collection_name=collection_name,
            data_type=as_data_type(data_type),
        )

    def assistant_post_input(
        self,
        arg_name: str,
        id: str,
        user_message: str,
        ai_connection_name: str | None = "",
        chat_model: OpenAIModels | str | None = OpenAIModels.DefaultChatModel,
        chat_storage_connection_setting: str | None = "AzureWebJobsStorage",
        collection_name: str | None = "ChatState",
        temperature: str | None = "0.5",
        top_p: str | None = None,
        max_tokens: str | None = "100",
        is_reasoning_model: bool | None = False,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Say something to an assistant, and get its answer for a call.

        Args:
            arg_name: Parameter of the function that gets the chat as JSON text, with its ``recentMessages``.
            id: Id of the assistant.
            user_message: What to say; ``{name}`` stands for what the trigger knows by that name.
            ai_connection_name: Group of settings that says how to reach the service, with ``Endpoint`` and ``Key``.
                ``AZURE_OPENAI_ENDPOINT`` and ``AZURE_OPENAI_KEY``, or ``OPENAI_API_KEY``, are read when left out.
            chat_model: Model to ask; at Azure, the name of its deployment.
                ``%NAME%`` stands for an app setting.
            chat_storage_connection_setting: App setting with the connection to the storage of the chats.
            collection_name: Table in the storage that has the chats.
            temperature: How much the answer may vary, as a number from 0 to 2 in text.
                Give this one or `top_p`, not both.
            top_p: Share of the likeliest words that the answer is drawn from, as a number from 0 to 1 in text.
            max_tokens: Most tokens that the answer may have, as a number in text.
            is_reasoning_model: Whether the model is one that reasons, which takes other options.
            data_type: How the host hands the value over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.assistant_post_input("chat", id="{id}", user_message="{Query.message}", chat_model="%CHAT_MODEL%")
            ... @app.route("assistants/{id}", methods=["POST"])
            ... def say(req: func.HttpRequest, chat: str) -> str:
            ...     return json.loads(chat)["recentMessages"][0]["content"]

        Source: Azure OpenAI assistant post input binding for Azure Functions, "Decorators"; reference 1.26.0,
        `assistant_post_input`.
        """
        return self._bind(
            AssistantPostInput,
            kwargs,
            name=arg_name,
            id=id,
            user_message=user_message,
            ai_connection_name=ai_connection_name,
            chat_model=_model(chat_model),
            chat_storage_connection_setting=chat_storage_connection_setting,
            collection_name=collection_name,
            temperature=temperature,
            top_p=top_p,
            max_tokens=max_tokens,
            is_reasoning_model=is_reasoning_model,
            data_type=as_data_type(data_type),
        )

    def embeddings_input(
        self,
        arg_name: str,
        input: str,
        input_type: InputType | InputTypeName,
        ai_connection_name: str | None = "",
        embeddings_model: OpenAIModels | str | None = OpenAIModels.DefaultEmbeddingsModel,
        max_chunk_length: int | None = 8192,
        max_overlap: int | None = 128,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Make embeddings of a text for a call.

        Args:
            arg_name: Parameter of the function that gets the embeddings as JSON text, with their ``count``.
            input: What to make embeddings of: text, a path or a URL, by `input_type`.
                ``{name}`` stands for what the trigger knows by that name.
            input_type: What the input is: an `InputType`, or text that is written as it is.
            ai_connection_name: Group of settings that says how to reach the service, with ``Endpoint`` and ``Key``.
                ``AZURE_OPENAI_ENDPOINT`` and ``AZURE_OPENAI_KEY``, or ``OPENAI_API_KEY``, are read when left out.
            embeddings_model: Model that makes the embeddings; at Azure, the name of its deployment.
                Later searches need the same one.
            max_chunk_length: Most characters of one piece of the input.
            max_overlap: Most characters that two pieces share.
            data_type: How the host hands the value over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.embeddings_input("embeddings", "{text}", "RawText", embeddings_model="%EMBEDDING_MODEL%")
            ... @app.route("embeddings", methods=["POST"])
            ... def embed(req: func.HttpRequest, embeddings: str) -> str:
            ...     return str(json.loads(embeddings)["count"])

        Source: Azure OpenAI embeddings input binding for Azure Functions, "Decorators"; reference 1.26.0,
        `embeddings_input`.
        """
        return self._bind(
            EmbeddingsInput,
            kwargs,
            name=arg_name,
            input=input,
            input_type=_text_or(InputType, input_type),
            ai_connection_name=ai_connection_name,
            embeddings_model=_model(embeddings_model),
            max_chunk_length=max_chunk_length,
            max_overlap=max_overlap,
            data_type=as_data_type(data_type),
        )

    def semantic_search_input(
        self,
        arg_name: str,
        search_connection_name: str,
        collection: str,
        query: str | None = None,
        ai_connection_name: str | None = "",
        embeddings_model: OpenAIModels | str | None = OpenAIModels.DefaultEmbeddingsModel,
        chat_model: OpenAIModels | str | None = OpenAIModels.DefaultChatModel,
        system_prompt: str | None = SEMANTIC_SEARCH_PROMPT,
        max_knowledge_count: int | None = 1,
        temperature: str | None = "0.5",
        top_p: str | None = None,
        max_tokens: str | None = "100",
        is_reasoning_model: bool | None = False,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Search in stored embeddings, and let a chat model answer from what is found.

        Args:
            arg_name: Parameter of the function that gets the answer as JSON text, with its ``Response``.
            search_connection_name: App setting with the connection to the store of the embeddings.
            collection: Collection, table or index to search in.
            query: What to search for; ``{name}`` stands for what the trigger knows by that name.
            ai_connection_name: Group of settings that says how to reach the service, with ``Endpoint`` and ``Key``.
                ``AZURE_OPENAI_ENDPOINT`` and ``AZURE_OPENAI_KEY``, or ``OPENAI_API_KEY``, are read when left out.
            embeddings_model: Model that makes the embeddings; at Azure, the name of its deployment.
                Later searches need the same one.
            chat_model: Model to ask; at Azure, the name of its deployment.
                ``%NAME%`` stands for an app setting.
            system_prompt: What the model is told first; what is found is put behind it.
                A text about documents and how to cite them when left out.
            max_knowledge_count: Most finds that are put behind the prompt.
            temperature: How much the answer may vary, as a number from 0 to 2 in text.
                Give this one or `top_p`, not both.
            top_p: Share of the likeliest words that the answer is drawn from, as a number from 0 to 1 in text.
            max_tokens: Most tokens that the answer may have, as a number in text.
            is_reasoning_model: Whether the model is one that reasons, which takes other options.
            data_type: How the host hands the value over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.semantic_search_input("result", "AISearchEndpoint", "docs", "{prompt}", chat_model="%CHAT_MODEL%")
            ... @app.route("ask", methods=["POST"])
            ... def ask(req: func.HttpRequest, result: str) -> str:
            ...     return json.loads(result)["Response"]

        Source: Azure OpenAI semantic search input binding for Azure Functions, "Decorators"; reference 1.26.0,
        `semantic_search_input`.
        """
        return self._bind(
            SemanticSearchInput,
            kwargs,
            name=arg_name,
            search_connection_name=search_connection_name,
            collection=collection,
            query=query,
            ai_connection_name=ai_connection_name,
            embeddings_model=_model(embeddings_model),
            chat_model=_model(chat_model),
            system_prompt=system_prompt,
            max_knowledge_count=max_knowledge_count,
            temperature=temperature,
            top_p=top_p,
            max_tokens=max_tokens,
            is_reasoning_model=is_reasoning_model,
            data_type=as_data_type(data_type),
        )

    def assistant_create_output(
        self,
        arg_name: str,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Create an assistant after the function has returned.

        What is given is a JSON object with the ``id`` and the ``instructions`` of the assistant, and if need be with
        the ``chatStorageConnectionSetting`` and the ``collectionName`` of its chat.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            data_type: How the host takes the value; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.assistant_create_output("request")
            ... @app.route("assistants/{id}", methods=["PUT"])
            ... def create(req: func.HttpRequest, request: func.Out[str]) -> str:
            ...     request.set(json.dumps({"id": req.route_params["id"], "instructions": "Be brief."}))
            ...     return "created"

        Source: Azure OpenAI assistant create output binding for Azure Functions, "Decorators"; reference 1.26.0,
        `assistant_create_output`.
        """
        return self._bind(
            AssistantCreateOutput,
            kwargs,
            name=arg_name,
            data_type=as_data_type(data_type),
        )

    def embeddings_store_output(
        self,
        arg_name: str,
        input: str,
        input_type: InputType | InputTypeName,
        store_connection_name: str,
        collection: str,
        ai_connection_name: str | None = "",
        embeddings_model: OpenAIModels | str | None = OpenAIModels.DefaultEmbeddingsModel,
        max_chunk_length: int | None = 8192,
        max_overlap: int | None = 128,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Store a document with its embeddings after the function has returned.

        What is given is a JSON object with the ``title`` of the document.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            input: What to make embeddings of: text, a path or a URL, by `input_type`.
                ``{name}`` stands for what the trigger knows by that name.
            input_type: What the input is: an `InputType`, or text that is written as it is.
            store_connection_name: App setting with the connection to the store.
            collection: Collection, table or index to write to.
            ai_connection_name: Group of settings that says how to reach the service, with ``Endpoint`` and ``Key``.
                ``AZURE_OPENAI_ENDPOINT`` and ``AZURE_OPENAI_KEY``, or ``OPENAI_API_KEY``, are read when left out.
            embeddings_model: Model that makes the embeddings; at Azure, the name of its deployment.
                Later searches need the same one.
            max_chunk_length: Most characters of one piece of the input.
            max_overlap: Most characters that two pieces share.
            data_type: How the host takes the value; leave it out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.embeddings_store_output("doc", "{url}", "Url", "AISearchEndpoint", "docs")
            ... @app.route("ingest", methods=["POST"])
            ... def ingest(req: func.HttpRequest, doc: func.Out[str]) -> str:
            ...     doc.set(json.dumps({"title": req.get_json()["title"]}))
            ...     return "stored"

        Source: Azure OpenAI embeddings store output binding for Azure Functions, "Decorators"; reference 1.26.0,
        `embeddings_store_output`.
        """
        return self._bind(
            EmbeddingsStoreOutput,
            kwargs,
            name=arg_name,
            input=input,
            input_type=_text_or(InputType, input_type),
            store_connection_name=store_connection_name,
            collection=collection,
            ai_connection_name=ai_connection_name,
            embeddings_model=_model(embeddings_model),
            max_chunk_length=max_chunk_length,
            max_overlap=max_overlap,
            data_type=as_data_type(data_type),
        )

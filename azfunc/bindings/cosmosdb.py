"""Azure Cosmos DB: a trigger for changed documents, an input that reads documents, and an output that writes them.

The decorators without ``_v3`` are for version 4 of the extension, which is in the extension bundles from 4 on; those
with ``_v3`` are for its versions 2 and 3, whose fields have other names.

Docs: Azure Cosmos DB bindings for Azure Functions 2.x and higher.
Extension bundle: Microsoft.Azure.Functions.ExtensionBundle 4+, and 2 or 3 for ``_v3``.
"""

from __future__ import annotations

from azfunc._core.binding import InputBinding, OutputBinding, Trigger
from azfunc._core.decorators import DecoratorApi
from azfunc._core.enums import WireEnum, as_data_type, as_enum
from azfunc._core.errors import ArgumentTypeError
from azfunc._core.rows import Row, RowConverter, RowList
from azfunc._core.text import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, time
    from typing import Any, ClassVar, Literal, TypeAlias

    from azfunc._core.data_types import DataType
    from azfunc._core.decorators import Decorator
    from azfunc._core.enums import DataTypeName

    CosmosDBChangeFeedModeName: TypeAlias = Literal[
        "LatestVersion", "LATEST_VERSION", "AllVersionsAndDeletes", "ALL_VERSIONS_AND_DELETES"
    ]
    """Text that stands for a `CosmosDBChangeFeedMode`."""


# --- message types ----------------------------------------------------------------------------------------------------


class CosmosDBChangeFeedMode(WireEnum):
    """Which changes the trigger is told of."""

    LATEST_VERSION = "LatestVersion"
    """The newest version of each document; no deletions."""
    ALL_VERSIONS_AND_DELETES = "AllVersionsAndDeletes"
    """Every version in between too, and deletions; each comes wrapped, with what was changed beside it."""


class Document(Row):
    """A document of a Cosmos DB container: a dict that reads and writes JSON.

    Unlike the reference's, it is a real `dict`, and its values may be all that `to_json` writes: dates, decimals,
    UUIDs, bytes and other documents.

    Args:
        values: A mapping, or pairs of names and values; empty when left out.
        **fields: Further values, by name.

    Example:
        >>> func.Document(id="1", title="Tea").to_json()
        '{"id": "1", "title": "Tea"}'

    Source: reference 1.26.0, `Document`.
    """


class DocumentList(RowList[Document]):
    """Documents of a Cosmos DB container: a list of `Document`.

    Args:
        initlist: Documents, or dicts, of which it makes documents; empty when left out.

    Example:
        >>> [document["id"] for document in func.DocumentList([{"id": "1"}, {"id": "2"}])]
        ['1', '2']

    Source: reference 1.26.0, `DocumentList`.
    """

    row_type: ClassVar[type[Row]] = Document


# --- binding classes --------------------------------------------------------------------------------------------------


class CosmosDBTrigger(Trigger, type="cosmosDBTrigger"):
    """Entry of type ``cosmosDBTrigger`` in function.json, for version 4 of the extension."""

    connection: str
    database_name: str
    container_name: str
    lease_connection: str | None = None
    lease_database_name: str | None = None
    lease_container_name: str | None = None
    create_lease_container_if_not_exists: bool | None = None
    leases_container_throughput: int | None = None
    lease_container_prefix: str | None = None
    feed_poll_delay: int | None = None
    lease_acquire_interval: int | None = None
    lease_expiration_interval: int | None = None
    lease_renew_interval: int | None = None
    max_items_per_invocation: int | None = None
    start_from_beginning: bool | None = None
    start_from_time: str | None = None
    preferred_locations: str | None = None
    change_feed_mode: str | None = None


class CosmosDBTriggerV3(Trigger, type="cosmosDBTrigger"):
    """Entry of type ``cosmosDBTrigger`` in function.json, for versions 2 and 3 of the extension."""

    database_name: str
    collection_name: str
    connection_string_setting: str
    leases_collection_throughput: int | None = None
    checkpoint_interval: int | None = None
    checkpoint_document_count: int | None = None
    feed_poll_delay: int | None = None
    lease_renew_interval: int | None = None
    lease_acquire_interval: int | None = None
    lease_expiration_interval: int | None = None
    max_items_per_invocation: int | None = None
    start_from_beginning: bool | None = None
    create_lease_collection_if_not_exists: bool | None = None
    preferred_locations: str | None = None
    lease_collection_name: str | None = None
    lease_connection_string_setting: str | None = None
    lease_database_name: str | None = None
    lease_collection_prefix: str | None = None


class CosmosDBInput(InputBinding, type="cosmosDB"):
    """Input entry of type ``cosmosDB`` in function.json, for version 4 of the extension."""

    connection: str
    database_name: str
    container_name: str
    partition_key: str | None = None
    id: str | None = None
    sql_query: str | None = None
    preferred_locations: str | None = None


class CosmosDBInputV3(InputBinding, type="cosmosDB"):
    """Input entry of type ``cosmosDB`` in function.json, for versions 2 and 3 of the extension."""

    database_name: str
    collection_name: str
    connection_string_setting: str
    id: str | None = None
    sql_query: str | None = None
    partition_key: str | None = None


class CosmosDBOutput(OutputBinding, type="cosmosDB"):
    """Output entry of type ``cosmosDB`` in function.json, for version 4 of the extension."""

    connection: str
    database_name: str
    container_name: str
    create_if_not_exists: bool | None = None
    partition_key: str | None = None
    container_throughput: int | None = None
    preferred_locations: str | None = None


class CosmosDBOutputV3(OutputBinding, type="cosmosDB"):
    """Output entry of type ``cosmosDB`` in function.json, for versions 2 and 3 of the extension."""

    database_name: str
    collection_name: str
    connection_string_setting: str
    create_if_not_exists: bool | None = None
    collection_throughput: int | None = None
    use_multiple_write_locations: bool | None = None
    preferred_locations: str | None = None
    partition_key: str | None = None


# --- converters -------------------------------------------------------------------------------------------------------


class CosmosDBConverter(RowConverter, binding="cosmosDB"):
    """Cosmos DB input and output: the argument is a `DocumentList`; documents, dicts and dataclasses are written."""

    what = "Cosmos DB output"
    list_type: ClassVar[type[RowList[Any]]] = DocumentList
    input_types: ClassVar[tuple[type, ...]] = (DocumentList,)
    # The reference says so, of Cosmos DB too; programs compare its texts.
    unsupported = "unsupported queue payload type"


class CosmosDBTriggerConverter(CosmosDBConverter, binding="cosmosDBTrigger", trigger=True):
    """Cosmos DB trigger: the argument is a `DocumentList` with the changed documents."""


# --- trigger decorators -----------------------------------------------------------------------------------------------


class CosmosDBTriggers(DecoratorApi):
    """Cosmos DB: decorators that start a function."""

    def cosmos_db_trigger(
        self,
        arg_name: str,
        connection: str,
        database_name: str,
        container_name: str,
        lease_connection: str | None = None,
        lease_database_name: str | None = None,
        lease_container_name: str | None = None,
        create_lease_container_if_not_exists: bool | None = None,
        leases_container_throughput: int | None = None,
        lease_container_prefix: str | None = None,
        feed_poll_delay: int | None = None,
        lease_acquire_interval: int | None = None,
        lease_expiration_interval: int | None = None,
        lease_renew_interval: int | None = None,
        max_items_per_invocation: int | None = None,
        start_from_beginning: bool | None = None,
        start_from_time: date | time | str | None = None,
        preferred_locations: str | None = None,
        change_feed_mode: CosmosDBChangeFeedMode | CosmosDBChangeFeedModeName | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when documents of a container were added or changed.

        The trigger keeps what it has seen in a second container, the lease container. Two functions that watch the
        same container need a lease container each, or a `lease_container_prefix` each.

        Args:
            arg_name: Parameter of the function that gets the `DocumentList`.
            connection: App setting that says how to connect to the account.
                Its name, or the prefix of a group of settings when identities are used.
            database_name: Database of the container.
            container_name: Container to watch.
            lease_connection: App setting for the account of the lease container; `connection` when left out.
            lease_database_name: Database of the lease container; `database_name` when left out.
            lease_container_name: Lease container; ``leases`` when left out.
            create_lease_container_if_not_exists: Whether to make the lease container; it has to be there when left out.
                With identities the host is not allowed to, and the function does not start.
            leases_container_throughput: Request units per second of a lease container that is made.
            lease_container_prefix: Text in front of this function's leases, so that several can share the container.
            feed_poll_delay: Milliseconds between two looks at a partition without changes; 5,000 when left out.
            lease_acquire_interval: Milliseconds between two looks at how partitions are spread; 13,000 when left out.
            lease_expiration_interval: Milliseconds that a lease lasts when it is not renewed; 60,000 when left out.
            lease_renew_interval: Milliseconds between two renewals of a lease; 17,000 when left out.
            max_items_per_invocation: Greatest number of documents in one call.
                What one transaction changed stays together, and may be more.
            start_from_beginning: Whether the first start reads all changes that the container remembers.
                Only new ones when left out. It has no effect once there are leases.
            start_from_time: Moment whose changes are the first to be read; not together with `start_from_beginning`.
                A datetime, in UTC when it has no zone; text such as ``2021-02-16T14:19:29Z``; a time of day means
                today's to the host. It has no effect once there are leases.
            preferred_locations: Regions of the account, the best first, with commas between: ``East US,North Europe``.
            change_feed_mode: ``LatestVersion`` or ``AllVersionsAndDeletes``, in any letter case, or the enum.
                The newest versions without deletions when left out.
            data_type: How the host hands the documents over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.cosmos_db_trigger("documents", "COSMOS", "shop", "orders", lease_container_name="leases")
            ... def changed(documents: func.DocumentList) -> None:
            ...     print([document["id"] for document in documents])

        Source: Azure Cosmos DB trigger, "Decorators" and "Configuration", extension 4.x; reference 2.3.0,
        `cosmos_db_trigger`.
        """
        return self._bind(
            CosmosDBTrigger,
            kwargs,
            name=arg_name,
            connection=connection,
            database_name=database_name,
            container_name=container_name,
            lease_connection=lease_connection,
            lease_database_name=lease_database_name,
            lease_container_name=lease_container_name,
            create_lease_container_if_not_exists=create_lease_container_if_not_exists,
            leases_container_throughput=leases_container_throughput,
            lease_container_prefix=lease_container_prefix,
            feed_poll_delay=feed_poll_delay,
            lease_acquire_interval=lease_acquire_interval,
            lease_expiration_interval=lease_expiration_interval,
            lease_renew_interval=lease_renew_interval,
            max_items_per_invocation=max_items_per_invocation,
            start_from_beginning=_checked_flag(start_from_beginning),
            start_from_time=_moment_text(start_from_time),
            preferred_locations=preferred_locations,
            change_feed_mode=_mode_text(change_feed_mode),
            data_type=as_data_type(data_type),
        )

    def cosmos_db_trigger_v3(
        self,
        arg_name: str,
        database_name: str,
        collection_name: str,
        connection_string_setting: str,
        lease_collection_name: str | None = None,
        lease_connection_string_setting: str | None = None,
        lease_database_name: str | None = None,
        create_lease_collection_if_not_exists: bool | None = None,
        leases_collection_throughput: int | None = None,
        lease_collection_prefix: str | None = None,
        checkpoint_interval: int | None = None,
        checkpoint_document_count: int | None = None,
        feed_poll_delay: int | None = None,
        lease_renew_interval: int | None = None,
        lease_acquire_interval: int | None = None,
        lease_expiration_interval: int | None = None,
        max_items_per_invocation: int | None = None,
        start_from_beginning: bool | None = None,
        preferred_locations: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Run the function when documents of a collection were added or changed; for versions 2 and 3 of the extension.

        With an extension bundle from 4 on, use `cosmos_db_trigger`.

        Args:
            arg_name: Parameter of the function that gets the `DocumentList`.
            database_name: Database of the collection.
            collection_name: Collection to watch.
            connection_string_setting: App setting that holds the connection string of the account.
            lease_collection_name: Lease collection; ``leases`` when left out.
            lease_connection_string_setting: App setting for the account of the lease collection.
                `connection_string_setting` when left out.
            lease_database_name: Database of the lease collection; `database_name` when left out.
            create_lease_collection_if_not_exists: Whether to make the lease collection.
                It has to be there when left out.
            leases_collection_throughput: Request units per second of a lease collection that is made.
            lease_collection_prefix: Text in front of this function's leases, so that several can share the collection.
            checkpoint_interval: Milliseconds between two checkpoints; one after each call when left out.
            checkpoint_document_count: Documents between two checkpoints; one after each call when left out.
            feed_poll_delay: Milliseconds between two looks at a partition without changes; 5,000 when left out.
            lease_renew_interval: Milliseconds between two renewals of a lease; 17,000 when left out.
            lease_acquire_interval: Milliseconds between two looks at how partitions are spread; 13,000 when left out.
            lease_expiration_interval: Milliseconds that a lease lasts when it is not renewed; 60,000 when left out.
            max_items_per_invocation: Greatest number of documents in one call.
                What one transaction changed stays together, and may be more.
            start_from_beginning: Whether the first start reads all changes that the collection remembers.
                Only new ones when left out. It has no effect once there are leases.
            preferred_locations: Regions of the account, the best first, with commas between: ``East US,North Europe``.
            data_type: How the host hands the documents over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.cosmos_db_trigger_v3("documents", "shop", "orders", "COSMOS")
            ... def changed(documents: func.DocumentList) -> None:
            ...     print([document["id"] for document in documents])

        Source: Azure Cosmos DB trigger, "Configuration", Functions 2.x+; reference 1.26.0, `cosmos_db_trigger_v3`.
        """
        return self._bind(
            CosmosDBTriggerV3,
            kwargs,
            name=arg_name,
            database_name=database_name,
            collection_name=collection_name,
            connection_string_setting=connection_string_setting,
            leases_collection_throughput=leases_collection_throughput,
            checkpoint_interval=checkpoint_interval,
            checkpoint_document_count=checkpoint_document_count,
            feed_poll_delay=feed_poll_delay,
            lease_renew_interval=lease_renew_interval,
            lease_acquire_interval=lease_acquire_interval,
            lease_expiration_interval=lease_expiration_interval,
            max_items_per_invocation=max_items_per_invocation,
            start_from_beginning=_checked_flag(start_from_beginning),
            create_lease_collection_if_not_exists=create_lease_collection_if_not_exists,
            preferred_locations=preferred_locations,
            lease_collection_name=lease_collection_name,
            lease_connection_string_setting=lease_connection_string_setting,
            lease_database_name=lease_database_name,
            lease_collection_prefix=lease_collection_prefix,
            data_type=as_data_type(data_type),
        )


def _mode_text(mode: CosmosDBChangeFeedMode | str | None) -> str | None:
    # function.json has the value of this enum, and of others the name.
    member = as_enum(CosmosDBChangeFeedMode, mode)
    return None if member is None else str(member.value)


def _checked_flag(flag: bool | None) -> bool | None:
    # The annotation of the reference asks for a time here.
    if hasattr(flag, "isoformat"):
        raise ArgumentTypeError(
            f"start_from_beginning is true or false, and got {type_name(flag)}.",
            hint="Give True, or a moment as start_from_time.",
        )
    return flag


def _moment_text(moment: object) -> str | None:
    """Give a moment as the host reads it: ISO 8601, in UTC."""
    if moment is None or isinstance(moment, str):
        return moment
    from datetime import date, datetime, time, timezone

    from azfunc._core.times import format_datetime

    if isinstance(moment, time):
        return moment.isoformat()
    if not isinstance(moment, date):
        raise ArgumentTypeError(
            f"start_from_time is a moment, and got {type_name(moment)}.",
            hint="Give a datetime with a time zone, or text such as '2021-02-16T14:19:29Z'.",
        )
    found = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
    in_utc = found.replace(tzinfo=timezone.utc) if found.tzinfo is None else found.astimezone(timezone.utc)
    return format_datetime(in_utc)


# --- input and output decorators --------------------------------------------------------------------------------------


class CosmosDBBindings(DecoratorApi):
    """Cosmos DB: decorators for data that comes in or goes out."""

    def cosmos_db_input(
        self,
        arg_name: str,
        connection: str,
        database_name: str,
        container_name: str,
        partition_key: str | None = None,
        id: str | None = None,
        sql_query: str | None = None,
        preferred_locations: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read documents of a container before the function runs.

        The argument is a `DocumentList`, with `id` too: one document then, and None in its place if there is none.
        Without `id` and `sql_query` it holds the whole container. Changes to it are not saved.

        Args:
            arg_name: Parameter of the function that gets the `DocumentList`.
            connection: App setting that says how to connect to the account.
                Its name, or the prefix of a group of settings when identities are used.
            database_name: Database of the container; may hold expressions such as ``{Query.shop}``.
            container_name: Container to read; may hold expressions.
            partition_key: Value of the partition key of the document; may hold expressions such as ``{Query.key}``.
                Containers with partitions need it when `id` is given.
            id: Identity of the one document to read; may hold expressions such as ``{Query.id}``.
            sql_query: Query for the documents to read, instead of `id`; its expressions become parameters of the query.
            preferred_locations: Regions of the account, the best first, with commas between: ``East US,North Europe``.
            data_type: How the host hands the documents over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("orders/{id}")
            ... @app.cosmos_db_input("documents", "COSMOS", "shop", "orders", id="{id}", partition_key="{id}")
            ... def order(req: func.HttpRequest, documents: func.DocumentList) -> str:
            ...     return documents[0].to_json()

        Source: Azure Cosmos DB input binding, "Decorators" and "Configuration", extension 4.x; reference 1.26.0,
        `cosmos_db_input`.
        """
        return self._bind(
            CosmosDBInput,
            kwargs,
            name=arg_name,
            connection=connection,
            database_name=database_name,
            container_name=container_name,
            partition_key=partition_key,
            id=id,
            sql_query=sql_query,
            preferred_locations=preferred_locations,
            data_type=as_data_type(data_type),
        )

    def cosmos_db_input_v3(
        self,
        arg_name: str,
        database_name: str,
        collection_name: str,
        connection_string_setting: str,
        id: str | None = None,
        sql_query: str | None = None,
        partition_key: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Read documents of a collection before the function runs; for versions 2 and 3 of the extension.

        With an extension bundle from 4 on, use `cosmos_db_input`.

        Args:
            arg_name: Parameter of the function that gets the `DocumentList`.
            database_name: Database of the collection; may hold expressions such as ``{Query.shop}``.
            collection_name: Collection to read; may hold expressions.
            connection_string_setting: App setting that holds the connection string of the account.
            id: Identity of the one document to read; may hold expressions such as ``{Query.id}``.
            sql_query: Query for the documents to read, instead of `id`; its expressions become parameters of the query.
            partition_key: Value of the partition key of the document; may hold expressions such as ``{Query.key}``.
                Collections with partitions need it when `id` is given.
            data_type: How the host hands the documents over; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.route("orders/{id}")
            ... @app.cosmos_db_input_v3("documents", "shop", "orders", "COSMOS", id="{id}", partition_key="{id}")
            ... def order(req: func.HttpRequest, documents: func.DocumentList) -> str:
            ...     return documents[0].to_json()

        Source: Azure Cosmos DB input binding, "Configuration", Functions 2.x+; reference 1.26.0, `cosmos_db_input_v3`.
        """
        return self._bind(
            CosmosDBInputV3,
            kwargs,
            name=arg_name,
            database_name=database_name,
            collection_name=collection_name,
            connection_string_setting=connection_string_setting,
            id=id,
            sql_query=sql_query,
            partition_key=partition_key,
            data_type=as_data_type(data_type),
        )

    def cosmos_db_output(
        self,
        arg_name: str,
        connection: str,
        database_name: str,
        container_name: str,
        create_if_not_exists: bool | None = None,
        partition_key: str | None = None,
        container_throughput: int | None = None,
        preferred_locations: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Write documents to a container after the function has returned; one with the same ``id`` is replaced.

        Takes a `Document`, a dict, a dataclass, a list of them or a `DocumentList`, or their JSON text. None writes
        nothing.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            connection: App setting that says how to connect to the account.
                Its name, or the prefix of a group of settings when identities are used.
            database_name: Database of the container; may hold expressions such as ``{Query.shop}``.
            container_name: Container to write to; may hold expressions.
            create_if_not_exists: Whether to make the database and the container; they have to be there when left out.
            partition_key: Path of the partition key of a container that is made, such as ``/id``.
            container_throughput: Request units per second of a container that is made.
            preferred_locations: Regions of the account, the best first, with commas between: ``East US,North Europe``.
            data_type: How the host takes the documents; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.cosmos_db_output("$return", "COSMOS", "shop", "orders")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def save(msg: func.QueueMessage) -> func.Document:
            ...     return func.Document(msg.get_json(), id=msg.id)

        Source: Azure Cosmos DB output binding, "Decorators" and "Configuration", extension 4.x; reference 1.26.0,
        `cosmos_db_output`.
        """
        return self._bind(
            CosmosDBOutput,
            kwargs,
            name=arg_name,
            connection=connection,
            database_name=database_name,
            container_name=container_name,
            create_if_not_exists=create_if_not_exists,
            partition_key=partition_key,
            container_throughput=container_throughput,
            preferred_locations=preferred_locations,
            data_type=as_data_type(data_type),
        )

    def cosmos_db_output_v3(
        self,
        arg_name: str,
        database_name: str,
        collection_name: str,
        connection_string_setting: str,
        create_if_not_exists: bool | None = None,
        partition_key: str | None = None,
        collection_throughput: int | None = None,
        use_multiple_write_locations: bool | None = None,
        preferred_locations: str | None = None,
        data_type: DataType | DataTypeName | None = None,
        **kwargs: Any,
    ) -> Decorator:
        """Write documents to a collection after the function has returned; for versions 2 and 3 of the extension.

        Takes what `cosmos_db_output` takes. With an extension bundle from 4 on, use that one.

        Args:
            arg_name: Out parameter of the function, or ``$return`` for its return value.
            database_name: Database of the collection; may hold expressions such as ``{Query.shop}``.
            collection_name: Collection to write to; may hold expressions.
            connection_string_setting: App setting that holds the connection string of the account.
            create_if_not_exists: Whether to make the database and the collection; they have to be there when left out.
            partition_key: Path of the partition key of a collection that is made, such as ``/id``.
            collection_throughput: Request units per second of a collection that is made.
            use_multiple_write_locations: Whether to write to any of the `preferred_locations`, not to one region only.
            preferred_locations: Regions of the account, the best first, with commas between: ``East US,North Europe``.
            data_type: How the host takes the documents; as text when left out.
            **kwargs: Further fields for function.json, in snake case.

        Raises:
            DefinitionError: The name is none that the host accepts, or a value is not one of the permitted ones.

        Example:
            >>> @app.cosmos_db_output_v3("$return", "shop", "orders", "COSMOS")
            ... @app.queue_trigger("msg", "orders", "Storage")
            ... def save(msg: func.QueueMessage) -> func.Document:
            ...     return func.Document(msg.get_json(), id=msg.id)

        Source: Azure Cosmos DB output binding, "Configuration", Functions 2.x+; reference 1.26.0,
        `cosmos_db_output_v3`.
        """
        return self._bind(
            CosmosDBOutputV3,
            kwargs,
            name=arg_name,
            database_name=database_name,
            collection_name=collection_name,
            connection_string_setting=connection_string_setting,
            create_if_not_exists=create_if_not_exists,
            collection_throughput=collection_throughput,
            use_multiple_write_locations=use_multiple_write_locations,
            preferred_locations=preferred_locations,
            partition_key=partition_key,
            data_type=as_data_type(data_type),
        )

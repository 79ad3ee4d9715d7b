"""Model Context Protocol: functions as tools, resources and prompts of a language model.

Docs: Model Context Protocol bindings for Azure Functions.
"""

from __future__ import annotations

from azfunc.bindings.mcp.content import McpConverter, mcp_content
from azfunc.bindings.mcp.context import MCPToolContext
from azfunc.bindings.mcp.prompt import (
    MCPPromptTrigger,
    MCPPromptTriggerConverter,
    McpPromptTriggers,
    PromptArgument,
    PromptInvocationContext,
)
from azfunc.bindings.mcp.resource import MCPResourceTrigger, MCPResourceTriggerConverter, McpResourceTriggers
from azfunc.bindings.mcp.tool import McpPropertyType, MCPToolTrigger, MCPToolTriggerConverter, McpToolTriggers

__all__ = [
    "MCPPromptTrigger",
    "MCPPromptTriggerConverter",
    "MCPResourceTrigger",
    "MCPResourceTriggerConverter",
    "MCPToolContext",
    "MCPToolTrigger",
    "MCPToolTriggerConverter",
    "McpConverter",
    "McpPromptTriggers",
    "McpPropertyType",
    "McpResourceTriggers",
    "McpToolTriggers",
    "PromptArgument",
    "PromptInvocationContext",
    "mcp_content",
]

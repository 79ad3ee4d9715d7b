"""A Flask app that answers all requests of a function app."""

from flask import Flask, Response, abort, jsonify, request

import azfunc as func

site = Flask(__name__)
NOTES = {1: "Water the plants"}


@site.get("/")
def home() -> str:
    return f"{len(NOTES)} notes"


@site.get("/notes/<int:number>")
def read_note(number: int) -> Response:
    if number not in NOTES:
        abort(404)
    return jsonify(number=number, text=NOTES[number])


@site.post("/notes")
def add_note() -> tuple[Response, int]:
    number = max(NOTES, default=0) + 1
    NOTES[number] = request.form["text"]
    return jsonify(number=number), 201


# host.json has an empty route prefix, so that Flask gets the whole path.
app = func.WsgiFunctionApp(site, http_auth_level="anonymous")


@app.queue_trigger("msg", "notes", "AzureWebJobsStorage")
def note_from_queue(msg: func.QueueMessage) -> None:
    NOTES[max(NOTES, default=0) + 1] = msg.get_body().decode()

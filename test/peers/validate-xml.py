"""Validates files against an XML schema, given first. For each file a line of JSON: its mistakes, and what its cases say."""

import json
import sys
import xml.etree.ElementTree as ElementTree

import xmlschema

schema = xmlschema.XMLSchema(sys.argv[1])
for path in sys.argv[2:]:
    try:
        tree = ElementTree.parse(path)
    except ElementTree.ParseError as error:
        print(json.dumps({"mistakes": [str(error)], "cases": []}))
        continue
    print(
        json.dumps(
            {
                "mistakes": [str(error.reason) for error in schema.iter_errors(tree)],
                "cases": [
                    [case.get("name"), [[child.tag, child.get("type"), child.text] for child in case]]
                    for case in tree.iter("testcase")
                ],
            }
        )
    )

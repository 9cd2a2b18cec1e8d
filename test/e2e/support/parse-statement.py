"""Reads an in-toto statement with SLSA provenance as their published protocol buffers define them.

Usage: parse-statement.py FOLDER FILE, where FOLDER holds what protoc made of the definitions.
Any field that they do not know, or of another type, is an error. Prints what was read.
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2

with open(sys.argv[2], encoding="utf-8") as file:
    text = file.read()
statement = json_format.Parse(text, statement_pb2.Statement())
predicate = json.dumps(json.loads(text)["predicate"])
provenance = json_format.Parse(predicate, provenance_pb2.Provenance())
definition = provenance.build_definition
print(
    json.dumps(
        {
            "type": statement.type,
            "predicateType": statement.predicate_type,
            "subjects": [dict(each.digest) for each in statement.subject],
            "buildType": definition.build_type,
            "dependencies": [each.name for each in definition.resolved_dependencies],
            "builder": provenance.run_details.builder.id,
            "byproducts": [each.name for each in provenance.run_details.byproducts],
        }
    )
)

"""Judges validation reports (ETSI TS 119 102-2) by the classes that xsdata made of the standard's schema for pyHanko.

Takes paths; prints a line for each fault, with the file's name before it, and ends with 1 if there is any.

The classes are of V1.2.1 and the reports of V1.4.1, which has an element of its own, `OtherInformation`, where the older one lets anything
of others stand. Nothing is accepted in either place: what is left of the two schemas is the same.
"""

import dataclasses
import sys
import typing
from collections import Counter
from pathlib import Path

from lxml import etree
from pyhanko.generated.etsi import ts_11910202 as schema
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko_certvalidator.ltv.poe import POEType, ValidationObjectType
from xsdata.exceptions import ParserError, XmlContextError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

NAMESPACE = "http://uri.etsi.org/19102/v1.4.1#"

STRICT = ParserConfig(
    fail_on_unknown_properties=True,
    fail_on_unknown_attributes=True,
    fail_on_converter_warnings=True,
)

# what the schema says and its classes do not: choices, and that something is required which is a list or may be anything
ANY_ORDER = schema.SignatureAttributesType
EXACTLY_ONE = schema.ValidationObjectRepresentationType
REQUIRED = {(schema.VOReferenceType, "VOReference"), (schema.TypedDataType, "Value")}

# what the schema leaves open and the standard lists
VALUES = {
    "SubIndication": {
        f"urn:etsi:019102:subindication:{one.standard_name}" for one in [*AdESFailure, *AdESIndeterminate]
    },
    "ObjectType": {one.urn() for one in ValidationObjectType},
    "TypeOfProof": {one.urn for one in POEType},
}


@dataclasses.dataclass
class Child:
    kind: type
    least: int
    most: float


def local(tag):
    return etree.QName(tag).localname


def innermost(kind):
    """The type of one: without `tuple[..., ...]` and `| None`."""
    arguments = [one for one in typing.get_args(kind) if one not in (type(None), ...)]
    return innermost(arguments[0]) if arguments else kind


def rules(of):
    """Children of a class in their order, and its attributes with whether they are required."""
    types = typing.get_type_hints(of)
    children, attributes = {}, {}
    for field in dataclasses.fields(of):
        said, kind = field.metadata, types[field.name]
        name = said.get("name", field.name)
        is_required = said.get("required", False) or (of, name) in REQUIRED
        if said["type"] == "Attribute":
            attributes[name] = is_required
        elif said["type"] == "Element":
            most = float("inf") if typing.get_origin(kind) is tuple else 1
            children[f"{{{said['namespace']}}}{name}"] = Child(
                innermost(kind), said.get("min_occurs", int(is_required)), said.get("max_occurs", most)
            )
    return children, attributes


def faults_of(element, of):
    name = local(element.tag)
    if of is object:
        return
    if not dataclasses.is_dataclass(of):
        if len(element) or element.attrib:
            yield f"{name} is more than a value"
        # xsdata takes an empty one for one that is not there
        if of not in (str, bytes) and not (element.text or "").strip():
            yield f"{name} is empty"
        if element.text not in VALUES.get(name, {element.text}):
            yield f"{name} cannot be {element.text}"
        return
    children, attributes = rules(of)
    tags = [child.tag for child in element]
    counts = Counter(tags)
    for tag in counts.keys() - children.keys():
        yield f"{name} has no {local(tag)}"
    for tag, rule in children.items():
        if not rule.least <= counts[tag] <= rule.most:
            yield f"{name} has {counts[tag]} {local(tag)}"
    places = [list(children).index(tag) for tag in tags if tag in children]
    if of is not ANY_ORDER and places != sorted(places):
        yield f"{name} has in this order: {' '.join(map(local, tags))}"
    if of is EXACTLY_ONE and len(tags) != 1:
        yield f"{name} has {len(tags)} children"
    if any(text and text.strip() for text in [element.text, *(child.tail for child in element)]):
        yield f"{name} has text"
    for attribute in element.attrib.keys() - attributes.keys():
        yield f"{name} has no attribute {attribute}"
    for attribute, is_required in attributes.items():
        if is_required and not element.get(attribute, "").strip():
            yield f"{name} lacks the attribute {attribute}"
    for child in element:
        if child.tag in children:
            yield from faults_of(child, children[child.tag].kind)


def faults_of_references(root):
    """`xs:ID` and `xs:IDREFS`."""
    identifiers = Counter(root.xpath("//@id"))
    for one, count in identifiers.items():
        if count > 1:
            yield f"{count} have the identifier {one}"
        if not one.replace("-", "").isalnum() or not one[0].isalpha():
            yield f"{one} is no identifier"
    for reference in root.xpath("//@VOReference"):
        for one in reference.split():
            if one not in identifiers:
                yield f"nothing has the identifier {one}"


def faults(path):
    root = etree.fromstring(path.read_bytes())
    for element in root.iter():
        name = etree.QName(element)
        if name.namespace != NAMESPACE:
            yield f"{element.tag} is of another namespace"
            return
        element.tag = f"{{{schema.__NAMESPACE__}}}{name.localname}"
    if local(root.tag) != "ValidationReport":
        yield f"{local(root.tag)} is no report"
        return
    yield from faults_of(root, schema.ValidationReport)
    yield from faults_of_references(root)
    try:
        XmlParser(config=STRICT).from_bytes(etree.tostring(root), schema.ValidationReport)
    except (ParserError, XmlContextError) as error:
        yield f"xsdata: {error}"


found = [f"{Path(path).name}: {fault}" for path in sys.argv[1:] for fault in faults(Path(path))]
print("\n".join(found))
sys.exit(bool(found))

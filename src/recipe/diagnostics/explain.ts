import type { core } from 'zod';
import { quoted } from '../../base/characters.ts';
import { didYouMean, suggest } from '../../base/suggest.ts';
import type { Span } from './excerpt.ts';
import { alternatives, expectedBy, foundIn, rewriting } from './expected.ts';
import {
  holderSpan,
  isBroken,
  type Place,
  placeAt,
  schemaAt,
  settled,
  valueSpan,
} from './place.ts';
import type { Mistake } from './recipe-error.ts';
import { fieldNames } from './schema-fields.ts';
import { chooseOption, type Undecided } from './union-option.ts';
import type { Field, Tree } from './yaml-tree.ts';

/** The schema that was applied, the place it was applied to, and the whole text. */
interface Scope {
  /** The fields of the file itself. */
  readonly top: readonly string[];
  /** The value of `from:`. */
  readonly from: Span | undefined;
  readonly schema: core.$ZodType;
  readonly place: Place;
  readonly text: string;
}

type IssueOf<Code extends core.$ZodIssue['code']> = Extract<core.$ZodIssue, { code: Code }>;

const notGiven = (known: readonly string[], { tree }: Place): string[] =>
  known.filter((name) => !tree.fields?.has(name));

const isBelowFrom = ({ key }: Field, { from }: Scope): boolean =>
  from !== undefined && from.start <= key.start && key.end <= from.end;

function unknownFields(issue: IssueOf<'unrecognized_keys'>, scope: Scope): Mistake[] {
  const place = placeAt(scope.place, issue.path);
  if (place === undefined) return [];
  const schema = schemaAt(scope.schema, scope.place, issue.path);
  const choice = schema && chooseOption(schema, place.tree);
  if (choice !== undefined && 'message' in choice) return [undecided(choice, place)];
  const known = fieldNames(settled(schema, place));
  const free = notGiven(known, place);
  return issue.keys.flatMap((name) => {
    const field = place.tree.fields?.get(name);
    if (field === undefined) return [];
    const outside = scope.top.includes(name) && isBelowFrom(field, scope);
    const hint = outside
      ? `put it at the top level of the file, beside "from"`
      : `expected one of ${known.join(', ')}${didYouMean(name, free)}`;
    return [{ span: field.key, message: `unknown field ${quoted(name)}`, hint }];
  });
}

/** Reports a missing field, unless an unknown one beside it was meant to be it. */
function missingField(path: readonly PropertyKey[], scope: Scope): Mistake[] {
  const holder = placeAt(scope.place, path.slice(0, -1));
  if (holder === undefined) return [];
  const name = String(path.at(-1));
  const holderSchema = schemaAt(scope.schema, scope.place, path.slice(0, -1));
  const known = fieldNames(settled(holderSchema, holder));
  const free = notGiven(known, holder);
  const misspelled = [...(holder.tree.fields?.keys() ?? [])].some(
    (given) => !known.includes(given) && suggest(given, free) === name,
  );
  if (misspelled) return [];
  const schema = schemaAt(scope.schema, scope.place, path);
  const hint = schema === undefined ? undefined : describe(schema);
  return [mistake(holderSpan(holder), `missing field ${quoted(name)}`, hint)];
}

function describe(schema: core.$ZodType): string {
  const { description } = schema as { description?: string };
  if (description === undefined) return `expected ${expectedBy(schema)}`;
  const clause = description.replace(/\.$/, '');
  const lowered = clause.replace(/^(?:[A-Z](?=[a-z])|A(?= ))/, (first) => first.toLowerCase());
  return `expected ${expectedBy(schema)}: ${lowered}`;
}

const undecided = ({ field, message, hint }: Undecided, place: Place): Mistake =>
  mistake(field?.key ?? holderSpan(place), message, hint);

const mistake = (span: Mistake['span'], message: string, hint?: string): Mistake =>
  hint === undefined ? { span, message } : { span, message, hint };

function wrongType(place: Place, schema: core.$ZodType | undefined, text: string): Mistake[] {
  const span = valueSpan(place, text);
  if (schema === undefined) return [{ span, message: `unexpected: ${foundIn(place.tree)}` }];
  const message = `expected ${expectedBy(schema)}, found ${foundIn(place.tree)}`;
  const empty = place.tree.value === null && place.tree.plain === undefined;
  const hint = empty ? 'give it a value, or remove it' : rewriting(schema, place.tree);
  return [mistake(span, message, hint)];
}

function wrongWord(issue: IssueOf<'invalid_value'>, place: Place, scope: Scope): Mistake[] {
  const words = issue.values.map(String);
  const { value } = place.tree;
  const expected = alternatives(issue.values.map((word) => JSON.stringify(word)));
  const meant = typeof value === 'string' ? suggest(value, words) : undefined;
  const message = `expected ${expected}, found ${foundIn(place.tree)}`;
  const schema = schemaAt(scope.schema, scope.place, issue.path);
  const rewritten = schema === undefined ? undefined : rewriting(schema, place.tree);
  const hint = meant === undefined ? rewritten : `did you mean ${quoted(meant)}?`;
  return [mistake(valueSpan(place, scope.text), message, hint)];
}

function wrongName(issue: IssueOf<'invalid_key'>, place: Place): Mistake[] {
  if (place.field === undefined) return [];
  const message = issue.issues[0]?.message ?? 'this name is not accepted';
  return [{ span: place.field.key, message }];
}

function wrongUnion(issue: IssueOf<'invalid_union'>, place: Place, scope: Scope): Mistake[] {
  const schema = schemaAt(scope.schema, scope.place, issue.path);
  if (schema === undefined) return [];
  const chosen = chooseOption(schema, place.tree);
  if (chosen === undefined) return wrongType(place, schema, scope.text);
  if ('message' in chosen) return [undecided(chosen, place)];
  const inner = { ...scope, schema: chosen.option, place };
  return (issue.errors[chosen.index] ?? []).flatMap((each) => explainIssue(each, inner));
}

function explainIssue(issue: core.$ZodIssue, scope: Scope): Mistake[] {
  if (isBroken(scope.place, issue.path)) return [];
  if (issue.code === 'unrecognized_keys') return unknownFields(issue, scope);
  const place = placeAt(scope.place, issue.path);
  if (place === undefined) return missingField(issue.path, scope);
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(place, schemaAt(scope.schema, scope.place, issue.path), scope.text);
    case 'invalid_value':
      return wrongWord(issue, place, scope);
    case 'invalid_key':
      return wrongName(issue, place);
    case 'invalid_union':
      return wrongUnion(issue, place, scope);
    case 'custom':
      return [mistake(valueSpan(place, scope.text), issue.message, issue.params?.hint)];
    default:
      return [{ span: valueSpan(place, scope.text), message: issue.message }];
  }
}

/** Keeps one mistake for each span and message, and of a scalar's several faults the first. */
function withoutRepeats(mistakes: readonly Mistake[]): Mistake[] {
  const seen = new Set<string>();
  return mistakes.filter(({ span, message }) => {
    const missing = message.startsWith('missing field ');
    const key = `${span.start}-${span.end}:${missing ? message : ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Words zod's issues for the person who wrote the file, each with its place. `tree` is the value
 * that `schema` was applied to.
 */
export function explain(
  issues: readonly core.$ZodIssue[],
  schema: core.$ZodType,
  tree: Tree,
  text: string,
): Mistake[] {
  const from = tree.fields?.get('from')?.tree.span;
  const scope: Scope = { top: fieldNames(schema), from, schema, place: { tree }, text };
  return withoutRepeats(issues.flatMap((issue) => explainIssue(issue, scope)));
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quoted } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { withSlashes } from '../base/host.ts';
import { isRecord, type JsonRecord } from '../base/json.ts';
import { packageRoot } from '../base/package-root.ts';
import { check } from '../recipe/check.ts';
import { parseYaml } from '../recipe/diagnostics/parse-yaml.ts';
import { recipeError } from '../recipe/diagnostics/recipe-error.ts';
import { readSource } from '../recipe/read.ts';
import { type PolicyFields, policySchema, type RuleName, type Rules } from './schema.ts';

/** Replaces the base's settings by the own ones, one by one; lists with reasons are joined. */
function extendRule(base: JsonRecord, own: JsonRecord): JsonRecord {
  const merged = Object.entries(own).map(([name, value]) => {
    const before = base[name];
    return [name, isRecord(before) && isRecord(value) ? { ...before, ...value } : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

/** Lays a policy's rules over those of the policy that it extends; `false` switches a rule off. */
function extendRules(base: Rules, own: PolicyFields['rules']): Rules {
  const names = new Set([...Object.keys(base), ...Object.keys(own)] as RuleName[]);
  const pairs = [...names].flatMap((name) => {
    const settings = own[name];
    if (settings === false) return [];
    return [[name, extendRule(base[name] ?? {}, settings ?? {})] as const];
  });
  return Object.fromEntries(pairs) as Rules;
}

/** The rules that an image has to satisfy, and their reasons. */
export interface Policy {
  readonly name: string;
  readonly description?: string;
  /** Absolute path of its file. */
  readonly file: string;
  readonly rules: Rules;
}

/** The policies that ship with mkbase. */
export const builtInPolicies = ['strict'] as const;

const isBuiltIn = (name: string): boolean => builtInPolicies.some((each) => each === name);

const fileOf = (name: string, root: string): string => join(root, 'policies', `${name}.yaml`);

async function readFields(file: string, cwd: string): Promise<PolicyFields> {
  const source = await readSource(file, cwd);
  const { tree, mistakes } = parseYaml(source);
  const { fields, mistakes: wrong } = check(policySchema, tree, source.text);
  if (fields === undefined || mistakes.length > 0)
    throw recipeError(source, [...mistakes, ...wrong]);
  return fields;
}

const notFound = (message: string): MkbaseError =>
  new MkbaseError({
    code: 'RECIPE_NOT_FOUND',
    message,
    hint: `With mkbase comes ${builtInPolicies.join(', ')}; a policy of your own is named by the path of its file, for instance ./policy.yaml.`,
  });

/**
 * Loads a policy, and the one that it extends: one that ships with mkbase by its name, any other by the
 * path of its YAML or JSON file. A word with a slash, or that ends in .yaml, .yml or .json, is a path.
 * Throws RECIPE_NOT_FOUND, RECIPE_INVALID (a RecipeError, which lists every mistake) or IO.
 */
export async function loadPolicy(
  nameOrPath: string,
  cwd: string,
  root: string = packageRoot,
): Promise<Policy> {
  const isPath = withSlashes(nameOrPath).includes('/') || /\.(?:ya?ml|json)$/.test(nameOrPath);
  if (!isPath && !isBuiltIn(nameOrPath)) {
    throw notFound(`No policy named ${quoted(nameOrPath)} ships with mkbase.`);
  }
  const file = isPath ? resolve(cwd, nameOrPath) : fileOf(nameOrPath, root);
  if (!existsSync(file)) throw notFound(`There is no policy at ${quoted(nameOrPath)}.`);
  const { name, description, extends: base, rules } = await readFields(file, cwd);
  const inherited = base === undefined ? {} : (await loadPolicy(base, cwd, root)).rules;
  return {
    name,
    ...(description !== undefined && { description }),
    file,
    rules: extendRules(inherited, rules),
  };
}

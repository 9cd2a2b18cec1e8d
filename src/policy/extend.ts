import { isRecord, type JsonRecord } from '../base/json.ts';
import type { PolicyFields, RuleName, Rules } from './schema.ts';

/** Replaces the base's settings by the own ones, one by one; lists with reasons are joined. */
function extendRule(base: JsonRecord, own: JsonRecord): JsonRecord {
  const merged = Object.entries(own).map(([name, value]) => {
    const before = base[name];
    return [name, isRecord(before) && isRecord(value) ? { ...before, ...value } : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

/** Lays a policy's rules over those of the policy that it extends; `false` switches a rule off. */
export function extendRules(base: Rules, own: PolicyFields['rules']): Rules {
  const names = new Set([...Object.keys(base), ...Object.keys(own)] as RuleName[]);
  const pairs = [...names].flatMap((name) => {
    const settings = own[name];
    if (settings === false) return [];
    return [[name, extendRule(base[name] ?? {}, settings ?? {})] as const];
  });
  return Object.fromEntries(pairs) as Rules;
}

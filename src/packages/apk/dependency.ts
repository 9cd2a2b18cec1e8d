import { type ApkOperator, apkVersionSatisfies, operators } from './apk-version.ts';

/** A dependency of a package: on a package, a library (`so:`), a command (`cmd:`), a path … */
export interface ApkDependency {
  readonly name: string;
  readonly constraint?: { readonly operator: ApkOperator; readonly version: string };
}

/** A name that a package provides. */
export interface ApkProvided {
  readonly name: string;
  /** Undefined when it is provided without a version. */
  readonly version: string | undefined;
}

const pattern = /^(!?)([^!<>=~@\s][^<>=~@\s]*)(?:@[^<>=~@\s]+)?(?:([<>=~]{1,2})([^<>=~@\s]+))?$/;

const isOperator = (text: string): text is ApkOperator =>
  (operators as readonly string[]).includes(text);

/**
 * Reads the dependencies of a `D:` line. Conflicts (`!name`) are left out: they matter where packages
 * are installed, and apk checks them there. Throws SyntaxError.
 */
export function parseDependencies(field: string | undefined): ApkDependency[] {
  return words(field).flatMap((word) => {
    const [match, not, name = '', operator, version] = pattern.exec(word) ?? [];
    if (match === undefined) throw new SyntaxError(`${JSON.stringify(word)} is no dependency`);
    if (not === '!') return [];
    if (operator === undefined || version === undefined) return [{ name }];
    if (!isOperator(operator)) throw new SyntaxError(`${JSON.stringify(word)} is no dependency`);
    return [{ name, constraint: { operator, version } }];
  });
}

/** Reads a `p:` line. */
export function parseProvides(field: string | undefined): ApkProvided[] {
  return words(field).map((word) => {
    const at = word.indexOf('=');
    return at < 0
      ? { name: word, version: undefined }
      : { name: word.slice(0, at), version: word.slice(at + 1) };
  });
}

const words = (field = '') => field.split(' ').filter((word) => word !== '');

/** Tells whether a provided name meets a dependency; without a version it meets no versioned one. */
export function meetsDependency(
  provided: ApkProvided,
  { name, constraint }: ApkDependency,
): boolean {
  if (provided.name !== name) return false;
  if (constraint === undefined) return true;
  if (provided.version === undefined) return false;
  return apkVersionSatisfies(provided.version, constraint.operator, constraint.version);
}

/** Writes a dependency as a `D:` line does. */
export const showDependency = ({ name, constraint }: ApkDependency): string =>
  constraint === undefined ? name : `${name}${constraint.operator}${constraint.version}`;

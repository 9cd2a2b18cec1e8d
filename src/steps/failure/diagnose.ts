import type { Diagnosis } from '../../engines/step.ts';
import { buildSystems } from './build-systems.ts';
import type { Cause, FailedBuild } from './cause.ts';
import { errorFinder, type FoundError } from './first-error.ts';
import { type FailedRun, ofCommands } from './in-rootfs.ts';
import { language } from './language.ts';
import { missingHeaders } from './missing-headers.ts';
import { missingLibraries } from './missing-libraries.ts';
import { missingScripts } from './missing-scripts.ts';
import { missingTools } from './missing-tools.ts';
import { undefinedReferences } from './undefined-references.ts';

/** Every class of failed builds that can be told by a line; the first that has a cure for a line counts. */
const ofBuilds: readonly Cause[] = [
  ...missingScripts,
  ...missingHeaders,
  ...missingLibraries,
  ...undefinedReferences,
  ...missingTools,
  ...language,
  ...buildSystems,
];

async function cureOf<T>(line: string, causes: readonly Cause<T>[], failed: T) {
  for (const { pattern, cure } of causes) {
    const match = pattern.exec(line);
    const hint = match && (await cure(match.slice(1), failed, line));
    if (hint) return hint;
  }
  return undefined;
}

/** Returns the hint for an error: by its own line, else by the nearest of those around it. */
async function cureFor<T>(
  { line, before, after }: FoundError,
  causes: readonly Cause<T>[],
  failed: T,
): Promise<string | undefined> {
  for (const each of [line, ...after, ...[...before].reverse()]) {
    const hint = await cureOf(each, causes, failed);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/** Opens the diagnosis of a step: it keeps the first error of its log, and knows the cure of many. */
function diagnoseBy<T>(causes: readonly Cause<T>[], failed: T): Diagnosis {
  const { take, found } = errorFinder();
  return {
    take,
    async read() {
      const error = found();
      if (error === undefined) return undefined;
      const hint = await cureFor(error, causes, failed);
      return { ...error, ...(hint !== undefined && { hint }) };
    },
  };
}

/** Opens the diagnosis of a build in a toolchain. */
export const diagnose = (build: FailedBuild): Diagnosis => diagnoseBy(ofBuilds, build);

/** Opens the diagnosis of commands in a root filesystem. */
export const diagnoseRun = (run: FailedRun): Diagnosis => diagnoseBy(ofCommands, run);

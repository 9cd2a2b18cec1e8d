import { pathToFileURL } from 'node:url';
import type { Json } from '../base/canonical-json.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { packageVersion } from '../base/package-root.ts';
import type { Finding } from './finding.ts';
import type { Policy } from './load.ts';
import { type RuleName, ruleSchemas } from './schema.ts';

/** What a finding is shown beside: the recipe, as a path from the folder of the source code. */
export interface SarifPlace {
  readonly recipe: string;
  /** Name of the image, for instance the recipe's. */
  readonly image: string;
}

const schema =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A path as a relative URI reference (RFC 3986), an absolute one as a file URL. */
const uriOf = (path: string): string =>
  path.startsWith('/')
    ? pathToFileURL(path).href
    : path.split('/').map(encodeURIComponent).join('/');

/**
 * Text in which braces are no placeholders and brackets no link (SARIF 2.1.0, 3.11.5 and 3.11.6):
 * a path may hold any of them, as coreutils' `[` does.
 */
const plain = (text: string): string =>
  text.replace(/[{}]/g, (brace) => brace + brace).replace(/[[\]\\]/g, '\\$&');

const ruleNames = (policy: Policy): RuleName[] => Object.keys(policy.rules) as RuleName[];

const help =
  'Each finding says what to do about it. Where it is fine as it is, a policy of your own that extends this one names it with the reason.';

/** GitHub's code scanning takes no rule without `fullDescription` and `help`. */
function ruleDescriptor(rule: RuleName, policy: Policy): Json {
  const { level = 'error', reason } = policy.rules[rule] ?? {};
  const description = ruleSchemas[rule].description ?? rule;
  const why = reason === undefined ? '' : ` Why: ${reason}.`;
  return {
    id: rule,
    shortDescription: { text: description },
    fullDescription: { text: plain(`${description}${why}`) },
    help: { text: help },
    defaultConfiguration: { level },
  };
}

/** Stays the same from run to run, so that code hosts know a finding again. */
const fingerprint = ({ rule, kind, subject = '' }: Finding, { image }: SarifPlace): string =>
  sha256OfBytes(JSON.stringify([image, rule, kind, subject]));

function result(finding: Finding, policy: Policy, place: SarifPlace): Json {
  const { rule, level, message, remedy, subject, kind } = finding;
  return {
    ruleId: rule,
    ruleIndex: ruleNames(policy).indexOf(rule),
    level,
    message: { text: plain(`${message} ${remedy}`) },
    locations: [
      {
        // A path in an image is none in the repository; what has to be edited is the recipe.
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.recipe) },
          region: { startLine: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: subject ?? place.image, kind }],
      },
    ],
    partialFingerprints: { 'mkbase/v1': fingerprint(finding, place) },
  };
}

/**
 * Findings as a SARIF 2.1.0 log (OASIS, Static Analysis Results Interchange Format), which code hosts
 * show beside the recipe. Without time and machine: the same findings give the same log.
 */
export function sarif(findings: readonly Finding[], policy: Policy, place: SarifPlace) {
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mkbase',
            semanticVersion: packageVersion,
            rules: ruleNames(policy).map((rule) => ruleDescriptor(rule, policy)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, policy, place)),
      },
    ],
  } as const;
}

import type { Component } from '../../src/kinds/component.ts';
import { evaluatePolicy } from '../../src/policy/evaluate.ts';
import type { Finding } from '../../src/policy/finding.ts';
import type { Policy } from '../../src/policy/load.ts';
import { policySchema, type Rules } from '../../src/policy/schema.ts';
import type { PolicySubject } from '../../src/policy/subject.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { debsLock } from '../evidence/provenance/sample.ts';
import { epoch, plainFile } from '../support/image.ts';
import { provenChain } from '../support/proof.ts';

/** A policy with these rules, as its file would have them. */
export const policyWith = (rules: object): Policy => ({
  name: 'mine',
  file: '/r/policy.yaml',
  rules: policySchema.parse({ name: 'mine', rules }).rules as Rules,
});

/** A day after everything in the sample locks was signed. */
export const now = new Date((epoch + 86_400) * 1000);

/** An image with nothing in it. */
export const subject: PolicySubject = {
  lock: debsLock,
  trust: provenChain(debsLock),
  entries: [],
  inventory: { components: [], unattributed: [] },
  declared: new Set(),
  size: 10_240,
  now,
};

/** Evaluates rules; of a lock without a chain of its own everything counts as proven. */
export const check = (rules: object, changes: Partial<PolicySubject> = {}): Promise<Finding[]> => {
  const trust = provenChain(changes.lock ?? subject.lock);
  return evaluatePolicy(policyWith(rules), { ...subject, trust, ...changes });
};

/** What findings are about. */
export const subjects = (findings: readonly Finding[]) => findings.map((each) => each.subject);

/** A file of the rootfs that differs from an ordinary one in this. */
export const entry = (path: string, changes: object = {}): Entry => ({
  ...plainFile(path, Buffer.from('x')),
  ...(changes as object),
});

export const component = (
  name: string,
  expression: string,
  changes: Partial<Component> = {},
): Component => ({
  id: name,
  kind: 'deb',
  name,
  version: '1',
  licence: { expression, texts: [], basis: 'copyright file' },
  inputs: [],
  linked: [],
  ...changes,
});

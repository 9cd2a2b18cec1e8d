import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { packageVersion } from '../../src/base/package-root.ts';
import type { Finding } from '../../src/policy/finding.ts';
import { sarif } from '../../src/policy/sarif.ts';
import { check, component, entry, policyWith } from './subject.ts';

const rules = {
  licences: { reason: 'nobody can keep to a licence that is not known' },
  setuid: { level: 'warning' },
  size: { most: '1kB' },
};
const place = { recipe: 'images/my app/recipe.yaml', image: 'my-app' };

const findings = (): Promise<Finding[]> =>
  check(rules, {
    entries: [entry('usr/bin/su', { mode: 0o4755 })],
    inventory: { components: [component('odd', 'NOASSERTION')], unattributed: [] },
  });

describe('sarif', () => {
  test('reads as the golden file has it, whole', async () => {
    const log = canonicalJson(sarif(await findings(), policyWith(rules), place));
    await expect(log.replaceAll(packageVersion, '0.0.0')).toMatchFileSnapshot(
      '../golden/policy/findings.sarif',
    );
  });

  test('knows a finding again whatever it is worded like, and keeps two apart', async () => {
    const prints = (some: readonly Finding[]) =>
      sarif(some, policyWith(rules), place).runs[0].results.map(
        (result) => (result as { partialFingerprints: object }).partialFingerprints,
      );
    const some = await findings();
    const reworded = some.map((finding) => ({ ...finding, message: 'in other words' }));
    expect(prints(reworded)).toEqual(prints(some));
    expect(new Set(prints(some).map((each) => JSON.stringify(each))).size).toBe(some.length);
  });

  test('takes no brace of a path for a placeholder and no bracket for a link', async () => {
    const entries = [entry('usr/bin/[{0}]', { mode: 0o4755 })];
    const odd = await check({ setuid: {} }, { entries });
    const [result] = sarif(odd, policyWith({ setuid: {} }), place).runs[0].results;
    const { message } = result as { message: { text: string } };
    expect(message.text).toContain(String.raw`/usr/bin/\[{{0}}\] is set-user-id`);
  });

  test('has its rules even where nothing was found, so that code hosts close what was', () => {
    const [run] = sarif([], policyWith(rules), place).runs;
    expect(run.results).toEqual([]);
    expect(run.tool.driver.rules).toHaveLength(3);
  });
});

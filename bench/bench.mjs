// The numbers that mkbase promises, each against its peers, run in turn in one run. README.md in this folder
// has a line for each.
import { parseArgs } from 'node:util';
import { forms as cold } from './cold.mjs';
import { forms as edit } from './edit.mjs';
import { forms as memory } from './memory.mjs';
import { forms as packages } from './packages.mjs';
import { forms as push } from './push.mjs';
import { writeReport } from './report.mjs';
import { forms as rpm } from './rpm.mjs';
import { runForm } from './run-form.mjs';
import { forms as sizes } from './sizes.mjs';
import { forms as tests } from './tests.mjs';
import { forms as unchanged } from './unchanged.mjs';

const forms = {
  ...edit,
  ...unchanged,
  ...cold,
  ...packages,
  ...rpm,
  ...tests,
  ...sizes,
  ...memory,
  ...push,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    pairs: { type: 'string' },
    again: { type: 'boolean' },
    report: { type: 'boolean' },
  },
});
const unknown = positionals.filter((name) => !(name in forms));

/** Measures forms; one that fails is told, and the others go on. */
async function measure(names) {
  const { again, pairs } = values;
  const asked = { again, ...(pairs !== undefined && { pairs: Number(pairs) }) };
  for (const name of names) {
    try {
      await runForm(name, forms[name], asked);
    } catch (error) {
      console.error(`${name} failed: ${error.message}`);
      process.exitCode = 1;
    }
    writeReport(forms);
  }
}

if (values.list) console.log(Object.keys(forms).join('\n'));
else if (unknown.length > 0) {
  console.error(`no number is called ${unknown.join(', ')}; see bench/README.md`);
  process.exitCode = 2;
} else {
  if (!values.report) await measure(positionals.length > 0 ? positionals : Object.keys(forms));
  writeReport(forms);
}
process.exit();

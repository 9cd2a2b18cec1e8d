// Measures one form: its sides in turn, as often as it asks for, each turn kept as soon as it is whole.
import { loadavg } from 'node:os';
import { busyWithOthers } from './measure.mjs';
import { keepTurns, keptTurns } from './results.mjs';

/** More than this part of the processors in other hands makes a measurement doubtful. */
const quiet = 0.1;

const percent = (part) => `${(part * 100).toFixed(0)} %`;

/** Resolves to how busy the machine is: by others now, and its load over the last minute. */
async function machineNow() {
  const busy = await busyWithOthers();
  return { busy, load: loadavg()[0] };
}

/**
 * Runs what is missing of a form's turns. A form has a `title`, `pairs` (how many turns), and `prepare`,
 * which resolves to its sides, the first of which is mkbase's, and what is to be done at the end. A side has a
 * name, `run`, which resolves to a number in the form's unit, and may have `before`, which is not counted.
 */
export async function runForm(name, form, { pairs = form.pairs, again = false }) {
  const kept = again ? [] : keptTurns(name);
  console.log(`\n${name}: ${form.title}`);
  if (kept.length >= pairs) return console.log(`  ${kept.length} turns are kept from before`);
  const { sides, x = form.x, close } = await form.prepare();
  const turns = [...kept];
  try {
    while (turns.length < pairs) {
      const turn = await oneTurn(sides, turns.length);
      turns.push(turn);
      const told = sides.map((side) => `${side.name} ${turn.values[side.name].toFixed(2)}`);
      console.log(`  ${turns.length}/${pairs}: ${told.join('; ')} (load ${turn.load.toFixed(1)})`);
      if (turn.busy > quiet) {
        console.log(
          `  WARNING: others use ${percent(turn.busy)} of the processors; measure when it is quiet.`,
        );
      }
      keepTurns(name, { title: form.title, sides: sides.map((side) => side.name), x, turns });
    }
  } finally {
    await close?.();
  }
}

async function oneTurn(sides, turn) {
  const values = {};
  const machine = await machineNow();
  for (const { name, run, before } of sides) {
    await before?.(turn);
    values[name] = await run(turn);
  }
  return { ...machine, values };
}

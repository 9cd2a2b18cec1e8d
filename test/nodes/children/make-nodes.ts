import { copyingEngine, expectedOf, numbered, openNodes, textsOf } from '../../support/node.ts';

/** Makes or finds as many nodes as it is told, and prints how many steps ran; exits with 1 at a wrong one. */
const [, , folder = '', count = '0'] = process.argv;
const engine = copyingEngine();
const io = { emit: () => {}, signal: new AbortController().signal };
process.stdout.write('begun\n');
for (let each = 0; each < Number(count); each++) {
  const nodes = openNodes(folder, engine);
  const tree = await nodes.make(numbered(each), io);
  const texts = await textsOf(tree);
  if (texts.made !== (await expectedOf(each))) process.exit(1);
  await nodes.list();
}
process.stdout.write(`${engine.steps}\n`);

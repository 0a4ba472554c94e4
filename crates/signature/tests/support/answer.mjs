/**
 * Does what a list of tasks (JSON on standard input) says, and prints the list of results: each is `done`, or `refused` and why.
 *
 * @param {{ [task: string]: (parameters: object) => Promise<unknown> }} tasks
 */
export async function answer(tasks) {
  let input = "";
  for await (const chunk of process.stdin) input += chunk;
  const results = [];
  for (const { task, ...parameters } of JSON.parse(input)) {
    try {
      results.push({ done: await tasks[task](parameters) });
    } catch (error) {
      // some of what is thrown says nothing as text but its message
      results.push({ refused: String(error?.message ?? error) });
    }
  }
  process.stdout.write(JSON.stringify(results));
}

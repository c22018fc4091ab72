// Asks with Comunica: reads jobs from standard input, a JSON list of {query, sources}, and writes a JSON list of what
// came of each: {mediaType, text}, or {error}. Each job has an engine of its own, so that none profits from another's.
import { QueryEngine } from '@comunica/query-sparql';

const MEDIA_TYPES = { bindings: 'application/sparql-results+json', boolean: 'application/sparql-results+json', quads: 'application/n-quads' };

async function whole(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

async function answer({ query, sources }) {
  try {
    const engine = new QueryEngine();
    const result = await engine.query(query, { sources });
    const mediaType = MEDIA_TYPES[result.resultType];
    return { mediaType, text: await whole((await engine.resultToString(result, mediaType)).data) };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

const answers = [];
for (const job of JSON.parse(await whole(process.stdin))) answers.push(await answer(job));
process.stdout.write(JSON.stringify(answers));

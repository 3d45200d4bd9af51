import { PROBLEM_KINDS, PROBLEMS, problemType } from '../problem-catalogue';
import { OPERATIONS, routeOf } from './operations';
import { commonProblems } from './problem-responses';

/** The page `docs/problems.md`. */
export function problemsPage(): string {
  const everywhere = OPERATIONS.map((operation) => commonProblems(operation, true)).reduce((all, kinds) =>
    all.filter((kind) => kinds.includes(kind)),
  );
  const sections = PROBLEM_KINDS.map((kind) => {
    const { status, title, when, remedy } = PROBLEMS[kind];
    const routes = OPERATIONS.filter(({ problems }) => (problems as readonly string[]).includes(kind)).map(routeOf);
    const where = routes.length > 0 ? ['', ...routes.map((route) => `- \`${route}\``)] : [];
    return [`## ${kind}`, '', `**${status}** ${title} (\`${problemType(kind)}\`)`, '', when, remedy, ...where].join(
      '\n',
    );
  });
  return `<!-- Written from model-server/src/problem-catalogue.ts by \`npm run docs -w model-server\`; a test compares them. -->

# Problems

Every error of the model server's HTTP API is \`application/problem+json\`
([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). \`type\` names its kind, and never changes: decide by it. \`title\`
says the same in words, \`detail\` what happened this time. gRPC has the same \`type\` in the trailing metadata
\`problem-type\` ([grpc.md](grpc.md)).

Every route can answer with these. Below a kind are the routes that answer with it for reasons of their own.

${everywhere.map((kind) => `- [${kind}](#${kind})`).join('\n')}

${sections.join('\n\n')}
`;
}

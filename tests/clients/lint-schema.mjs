// Runs graphql-eslint on one schema file and prints what it finds.
import { readFileSync } from "node:fs";
import { ESLint } from "eslint";
import { buildSchema, isInterfaceType, isObjectType, isSpecifiedDirective, parse } from "graphql";

const path = process.env.OKAERI_SCHEMA;
const source = readFileSync(path, "utf8");
const schema = buildSchema(source);

// The specification's own directives are printed without descriptions; they are not ours to describe. Blanks keep the
// line numbers of everything else.
let text = source;
for (const definition of parse(source).definitions) {
  if (definition.kind === "DirectiveDefinition" && isSpecifiedDirective(schema.getDirective(definition.name.value))) {
    const { start, end } = definition.loc;
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
  }
}

// A type without `id` that is no entity: none of its interfaces is Node. Entities are held to `id` by Node itself.
const node = schema.getType("Node");
process.env.OKAERI_VALUE_OBJECTS = Object.values(schema.getTypeMap())
  .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.getInterfaces().includes(node))
  .map((type) => type.name)
  .join(",");

const eslint = new ESLint({ cwd: import.meta.dirname, overrideConfigFile: "eslint.config.mjs" });
const results = await eslint.lintText(text, { filePath: "schema.graphql" });
let nFailed = 0;
for (const { messages } of results) {
  for (const message of messages) {
    nFailed += 1;
    console.log(`FAILED  schema.graphql:${message.line}:${message.column}  ${message.message}  (${message.ruleId})`);
  }
}
console.log(`graphql-eslint: ${nFailed} findings`);
process.exitCode = nFailed === 0 ? 0 : 1;

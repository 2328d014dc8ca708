// Runs graphql-eslint on one schema file and prints what it finds.
import { readFileSync } from "node:fs";
import { ESLint } from "eslint";
import { buildSchema, isInterfaceType, isObjectType } from "graphql";

const path = process.env.OKAERI_SCHEMA;
const schema = buildSchema(readFileSync(path, "utf8"));

// A type without `id` that is no entity: none of its interfaces is Node. Entities are held to `id` by Node itself.
const node = schema.getType("Node");
process.env.OKAERI_VALUE_OBJECTS = Object.values(schema.getTypeMap())
  .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.getInterfaces().includes(node))
  .map((type) => type.name)
  .join(",");

const eslint = new ESLint({ cwd: import.meta.dirname, overrideConfigFile: "eslint.config.mjs" });
const results = await eslint.lintText(readFileSync(path, "utf8"), { filePath: "schema.graphql" });
let nFailed = 0;
for (const { messages } of results) {
  for (const message of messages) {
    nFailed += 1;
    console.log(`FAILED  schema.graphql:${message.line}:${message.column}  ${message.message}  (${message.ruleId})`);
  }
}
console.log(`graphql-eslint: ${nFailed} findings`);
process.exitCode = nFailed === 0 ? 0 : 1;

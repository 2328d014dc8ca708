// graphql-http's audits of a server: no MUST and no SHOULD may fail.
// GET is off on purpose, so the audits that ask for it (all of them MAY) are listed and not counted.
import { auditServer } from "graphql-http";

const url = process.env.OKAERI_URL;
const token = process.env.OKAERI_TOKEN;

const results = await auditServer({
  url,
  fetchFn: (input, init = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
});

let nFailed = 0;
for (const result of results) {
  if (result.status === "ok") continue;
  const isOptional = result.name.startsWith("MAY ");
  if (!isOptional) nFailed += 1;
  console.log(`${isOptional ? "optional" : "FAILED"}  ${result.id}  ${result.name}: ${result.reason}`);
}
console.log(`graphql-http: ${results.length} audits, ${nFailed} of MUST and SHOULD failed`);
process.exitCode = nFailed === 0 ? 0 : 1;

// A session of graphql-ws' own client: subscribes, waits for the first events, ends in order; and is refused without
// a token. OKAERI_SUBSCRIPTION is the document, OKAERI_SUBSCRIPTION_VARIABLES its variables as JSON.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const url = process.env.OKAERI_URL.replace(/^http/, "ws") + "/ws";
const token = process.env.OKAERI_TOKEN;
const query = process.env.OKAERI_SUBSCRIPTION;
const variables = JSON.parse(process.env.OKAERI_SUBSCRIPTION_VARIABLES || "{}");
const TIMEOUT_MS = 15_000;

function client(authorization) {
  return createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    connectionParams: () => (authorization ? { authorization } : {}),
  });
}

async function first(subscription) {
  const timer = setTimeout(() => {
    console.error(`FAILED  no event within ${TIMEOUT_MS / 1000} s`);
    process.exit(1);
  }, TIMEOUT_MS);
  try {
    return (await subscription.next()).value;
  } finally {
    clearTimeout(timer);
  }
}

let nFailed = 0;
function check(what, isTrue, detail) {
  if (isTrue) {
    console.log(`ok      ${what}`);
  } else {
    nFailed += 1;
    console.log(`FAILED  ${what}: ${JSON.stringify(detail)}`);
  }
}

const signedIn = client(`Bearer ${token}`);
const subscription = signedIn.iterate({ query, variables });
const event = await first(subscription);
check("the first event comes at once and without errors", event?.data != null && !event.errors, event);
await subscription.return();

const failure = async (make) => {
  try {
    return { event: await first(make()) };
  } catch (error) {
    return Array.isArray(error) ? { codes: error.map((it) => it.extensions?.code) } : { close: error.code };
  }
};
const wrong = await failure(() => signedIn.iterate({ query: "query { __typename }" }));
check("a query is refused by an error message", wrong.codes?.[0] === "GRAPHQL_VALIDATION_FAILED", wrong);
await signedIn.dispose();

const nobody = await failure(() => client(null).iterate({ query, variables }));
check("nobody is refused with 4403", nobody.close === 4403, nobody);

process.exit(nFailed === 0 ? 0 : 1);

// The page around GraphiQL: a field for the token, and both transports.
"use strict";

(() => {
  const KEY = "okaeri.token";
  const field = document.getElementById("token");
  const who = document.getElementById("who");
  let token = sessionStorage.getItem(KEY) ?? "";
  field.value = token;

  const QUERY = `# Okaeri: alumni, opportunities, and why they fit.
#
# 1. Paste a token above (\`okaeri token --company … --role recruiter\`) and press Enter.
# 2. Press the play button, or Ctrl-Enter. 日本語でも検索できます。
#

query FirstLook {
  viewer {
    role
  }
  company {
    name
  }
  opportunities(first: 3) {
    nodes {
      id
      kind
      title
      candidates(first: 3) {
        totalCount
        edges {
          rank
          node {
            name {
              kanji
            }
            headline
          }
          match {
            score
            summary
          }
        }
      }
    }
  }
}
`;

  // Tells whose token it is by its own words; only the server's answer is proof.
  function describe() {
    if (!token) {
      who.textContent = "nobody is signed in";
      return;
    }
    try {
      const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
      const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0))));
      const until = new Date(claims.exp * 1000);
      const over = until < new Date() ? " (expired)" : "";
      who.textContent = `${claims.role} · ${claims.company}${over}`;
    } catch {
      who.textContent = "this is not a token";
    }
  }

  let client = null;
  function socket() {
    client ??= graphqlWs.createClient({
      url: location.origin.replace(/^http/, "ws") + "/graphql/ws",
      connectionParams: () => ({ authorization: `Bearer ${token}` }),
      retryAttempts: 2,
    });
    return client;
  }

  async function post(params, headers) {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json;q=0.9",
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: JSON.stringify(params),
    });
    return response.json();
  }

  // The chosen operation is a subscription if its definition begins so.
  function isSubscription(params) {
    const names = [...params.query.matchAll(/^\s*(query|mutation|subscription)\b\s*(\w*)/gm)];
    const chosen = params.operationName ? names.find((match) => match[2] === params.operationName) : names[0];
    return chosen?.[1] === "subscription";
  }

  function fetcher(params, options) {
    return isSubscription(params) ? socket().iterate(params) : post(params, options?.headers);
  }

  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  let n = 0;
  function render() {
    describe();
    // A new key reads the schema again, with the new token.
    root.render(React.createElement(GraphiQL, { key: n++, fetcher, defaultQuery: QUERY, shouldPersistHeaders: false }));
  }

  document.getElementById("bar").addEventListener("submit", (event) => {
    event.preventDefault();
    token = field.value.trim().replace(/^Bearer\s+/i, "");
    sessionStorage.setItem(KEY, token);
    client?.dispose();
    client = null;
    render();
  });

  render();
})();

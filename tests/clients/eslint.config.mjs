// graphql-eslint on schema.graphql: its recommended and Relay rules, and the conventions of the API.
import graphql from "@graphql-eslint/eslint-plugin";

const schema = process.env.OKAERI_SCHEMA;

// Values without an identity of their own: they are part of what they belong to.
const VALUE_OBJECTS = (process.env.OKAERI_VALUE_OBJECTS ?? "").split(",").filter(Boolean);

export default [
  {
    files: ["**/*.graphql"],
    plugins: { "@graphql-eslint": graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema } },
    },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      "@graphql-eslint/description-style": ["error", { style: "block" }],
      "@graphql-eslint/require-description": [
        "error",
        { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, DirectiveDefinition: true, rootField: true },
      ],
      "@graphql-eslint/input-name": ["error", { checkInputType: true, caseSensitiveInputType: false }],
      "@graphql-eslint/no-scalar-result-type-on-mutation": "error",
      "@graphql-eslint/require-deprecation-reason": "error",
      // `nodes` beside `edges`, and `userErrors` in payloads, are lists on purpose.
      "@graphql-eslint/relay-edge-types": ["error", { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
      // The rule for identifiers asks for one on every type; value objects, payloads and the like have none.
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          acceptedIdNames: ["id"],
          acceptedIdTypes: ["ID"],
          exceptions: {
            types: VALUE_OBJECTS,
            suffixes: ["Payload", "Connection", "Edge", "Error", "Info", "Changed"],
          },
        },
      ],
    },
  },
];

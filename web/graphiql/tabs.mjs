// The prepared tabs, each a file of its own, in the order of their names.

const documents = import.meta.glob('./tabs/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const variables = import.meta.glob('./tabs/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const preparedTabs = Object.keys(documents)
  .sort()
  .map((path) => ({
    query: documents[path],
    variables: variables[path.replace(/\.graphql$/, '.json')] ?? '',
  }));

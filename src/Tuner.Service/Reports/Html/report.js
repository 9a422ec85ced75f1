'use strict';
// Sorting of the trials, copy buttons, and nothing folded on paper; the page says everything without them.
for (const table of document.querySelectorAll('table[data-sortable]')) {
  table.querySelectorAll('thead th').forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      table.querySelectorAll('thead th').forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const value = row => row.cells[column].dataset.v ?? row.cells[column].textContent;
      const rows = [...table.tBodies[0].rows].map(row => ({ row, text: value(row), number: Number(value(row) || NaN) }));
      rows.sort((a, b) => {
        if (Number.isNaN(a.number) !== Number.isNaN(b.number)) { return Number.isNaN(a.number) ? 1 : -1; }
        const order = Number.isNaN(a.number) ? a.text.localeCompare(b.text, 'en', { numeric: true }) : a.number - b.number;
        return up ? order : -order;
      });
      table.tBodies[0].append(...rows.map(item => item.row));
    });
  });
}
for (const block of document.querySelectorAll('.copyable')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    const text = block.querySelector('pre').textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(block.querySelector('pre'));
      button.textContent = 'Selected';
    }
  });
  block.append(button);
}
addEventListener('beforeprint', () => {
  for (const folded of document.querySelectorAll('details')) { folded.open = true; }
});

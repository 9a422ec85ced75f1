// The only thing that pages cannot do by themselves: show what has changed since they were loaded.
const liveness = document.querySelector('[data-live]');
if (liveness && window.EventSource) {
  const source = new EventSource(liveness.dataset.live);
  const swap = event => {
    const place = document.getElementById(event.type);
    const template = document.createElement('template');
    template.innerHTML = event.data;
    const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    const scrolled = [...place.querySelectorAll('.scroll')].map(item => item.scrollLeft);
    place.replaceChildren(template.content);
    place.querySelectorAll('.scroll').forEach((item, index) => { item.scrollLeft = scrolled[index] ?? 0; });
    if (focused) { place.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus(); }
  };
  source.addEventListener('open', () => { liveness.textContent = 'Live: this page follows the sweep.'; });
  source.addEventListener('error', () => { liveness.textContent = 'The connection is lost; trying again.'; });
  source.addEventListener('status', swap);
  source.addEventListener('progress', swap);
  source.addEventListener('changed', () => { source.close(); location.reload(); });

  // Who has begun to leave would be called back by a reload.
  window.addEventListener('beforeunload', () => source.close());
}
document.querySelector('#outcome')?.focus();

// Which letter follows which

export const describe = () => "";
export const still = (state) => stillPicture("", "Which letter follows which.");

export function render({ model, el }) {
  el.textContent = "Which letter follows which";
}

export default { render };

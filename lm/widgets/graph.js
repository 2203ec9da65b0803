// A computational graph, forward and backward

export const describe = () => "";
export const still = (state) => stillPicture("", "A computational graph, forward and backward.");

export function render({ model, el }) {
  el.textContent = "A computational graph, forward and backward";
}

export default { render };

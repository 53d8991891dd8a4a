"""The PDF renderer: styles, flowables from blocks, pages, and charts drawn onto the canvas."""

using SharpNbd.Viewer;

return await ViewerApplication.RunAsync(args);
